import type { Command } from 'commander';
import { probeStores, type StoreFindings } from '#steward/probe.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { prepareArea } from '../prepare-area.ts';
import { printProbe } from '../print/probe.ts';

export function addProbe(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('probe')
      .summary('what an S3-compatible store honours, and what follows')
      .description(
        'Finds out whether an S3-compatible store honours conditional writes and deletions, lists at once and in order, and gives one ETag everywhere. It writes three objects named .flink-steward-probe-… into each location and deletes them again; it reads and deletes nothing else. Amazon S3 and directories are not probed.',
      )
      .argument(
        '[location...]',
        'buckets (s3://bucket/prefix) with Flink checkpoints (default: "area" of steward.json)',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward probe s3://my-bucket/flink --endpoint https://minio.example.org --path-style
  steward probe --json

Exit status: 1 if the store lacks something that the steward can do without, 3 if nothing is deleted there, or if it could not be probed.`,
    )
    .action(async (places: string[], options: AreaOptions) => {
      const { steward } = await prepareArea(places, options, io);
      const stores = await probeStores(steward);
      io.out(options.json ? `${JSON.stringify({ stores: stores.map(viewOf) }, null, 2)}\n` : printProbe(stores, io));
      finish(statusOfStores(stores));
    });
}

function statusOfStores(stores: readonly StoreFindings[]): Status {
  const isUseless = stores.some(
    ({ kind, found, consequences }) =>
      kind === 'unknown' || consequences.refusal !== null || found?.etagsAgree === false,
  );
  if (isUseless) return STATUS.undecidable;
  return stores.some(({ consequences }) => consequences.notes.length > 0) ? STATUS.findings : STATUS.well;
}

function viewOf({ name, kind, found, consequences, note, remembered }: StoreFindings): object {
  const { endpoint = null, at: _, ...honours } = found ?? {};
  return {
    location: name,
    kind,
    endpoint,
    honours: found === null ? null : honours,
    refusal: consequences.refusal,
    noRetiring: consequences.noRetiring,
    notes: note === null ? consequences.notes : [note, ...consequences.notes],
    remembered,
  };
}
