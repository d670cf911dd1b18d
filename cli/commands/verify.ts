import type { Command } from 'commander';
import { type VerifyReport, verifyRestorePoints } from '#steward/verify.ts';
import { addAreaOptions } from '../area-options.ts';
import { refuseEmpty } from '../empty-area.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { printVerification } from '../print/verify.ts';
import { readStateFiles, type StateFilesOptions } from '../read-state-files.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';

export function addVerify(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('verify')
        .summary('whether the state files of restore points are whole')
        .description(
          'Reads the end of each state file of RocksDB or ForSt that a restore point references, and names files that are torn, cut or overwritten although they have the right size, and checkpoints and savepoints that lack files. Contents are not read. A file that was read before, by this command or by "states", is not read again. The exit status is 1 if something is broken, and 3 if something could not be looked at. Changes nothing in the area.',
        )
        .argument(
          '[location...]',
          'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
        )
        .option('--job <job>', 'only this job: its label, its id, or the first digits of its id (at least four)'),
    ),
    { options: ['job'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward verify s3://my-bucket/flink
  steward verify ./copy --as s3://my-bucket --job orders-cdc
  steward verify --json | jq -r '.jobs[].broken[].url'`,
    )
    .action(async (places: string[], options: StateFilesOptions) => {
      const { job, ...others } = options;
      const { report, empty } = await answered(
        { places, options: others },
        { action: 'verify', job },
        io,
        async () => ({
          report: await readStateFiles(places, options, io, verifyRestorePoints),
          empty: null,
        }),
      );
      refuseEmpty(empty);
      io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printVerification(report, io));
      finish(statusOf(report));
    });
}

function statusOf({ jobs, undecidable }: VerifyReport): Status {
  const isUnknown = jobs.some(({ unread, unverified }) => unread.length > 0 || unverified > 0);
  if (jobs.some(isFound)) return STATUS.findings;
  return isUnknown || undecidable.length > 0 ? STATUS.undecidable : STATUS.well;
}

function isFound({ broken, damaged }: VerifyReport['jobs'][number]): boolean {
  return broken.length > 0 || damaged.some(({ isFinding }) => isFinding);
}
