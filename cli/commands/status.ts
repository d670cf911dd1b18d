import type { Command } from 'commander';
import { ledgerOfMarker, statusOf } from '#steward/status.ts';
import type { Steward } from '#steward/steward.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { requireLedger } from '../choose-ledger.ts';
import { STATUS, type Status, UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { nextCommand, type TypedArea } from '../next-command.ts';
import { prepareArea } from '../prepare-area.ts';
import { printStatus } from '../print/status.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';

export function addStatus(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    addAreaOptions(
      program
        .command('status')
        .summary('what is in force: pause, pins, declarations, quarantine, last runs')
        .description(
          'Shows what is in force in an area: whether deleting is paused and why, what is pinned or declared dead, which run is in progress, what is in quarantine, and what the last runs did. Reads the ledger and the markers of the area; lists and changes nothing.',
        )
        .argument('[location...]', 'the area (default: "area" of steward.json)'),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward status
  steward status s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward status --json | jq '.paused'

Exit status: 0 also while deleting is paused. To check an area: steward doctor.`,
    )
    .action(async (places: string[], options: AreaOptions) => {
      const typed = { places, options };
      const status = await answered(typed, { action: 'status' }, io, async () => {
        const { steward } = await prepareArea(places, options, io);
        if (steward.ledger === null) await pointToMarker(steward, typed);
        return await statusOf(requireLedger(steward));
      });
      io.out(options.json ? `${JSON.stringify(status, null, 2)}\n` : printStatus(status, typed, io));
      finish(STATUS.well);
    });
}

/** @throws UsageError where a marker names a ledger. */
async function pointToMarker(steward: Steward, { places, options }: TypedArea): Promise<void> {
  const place = await ledgerOfMarker(steward);
  if (place === null) return;
  const again = nextCommand(['status'], { places, options: { ...options, ledger: place } });
  throw new UsageError(
    `No ledger was given. The marker of the area names the ledger ${place}. To see what is in force by it: ${again}`,
  );
}
