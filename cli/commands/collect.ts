import { type Command, Option } from 'commander';
import { BREAKERS, type Breaker } from '#core/collect/breakers.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { dryRunOption } from '../dry-run-option.ts';
import type { Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { prepareArea } from '../prepare-area.ts';
import { reportRun } from '../report-run.ts';
import { runArea } from '../run-area.ts';
import { yesOption } from '../yes-option.ts';

/** Options of commands that act on a whole area. */
export function addActing(command: Command): Command {
  return addAreaOptions(
    command
      .option('--execute', 'delete and retire; without it this is a dry run')
      .addOption(dryRunOption())
      .addOption(yesOption())
      .addOption(
        new Option(
          '--accept <breaker...>',
          'continue although this breaker has tripped, after you checked why',
        ).choices(BREAKERS),
      ),
  );
}

export interface ActingOptions extends AreaOptions {
  readonly execute?: true;
  readonly yes?: true;
  readonly accept?: readonly Breaker[];
}

export function addCollect(program: Command, io: Io, finish: (status: Status) => void): void {
  addActing(
    program
      .command('collect')
      .summary('one whole run: scan, retire by policy, delete garbage after its quarantine')
      .description(
        'Scans the area, records what is garbage, retires checkpoints and savepoints according to "retain" in steward.json, and deletes garbage whose quarantine has ended. Without --execute this is a dry run: it records garbage in the ledger and deletes nothing. Run it on a schedule; jobs can keep running.',
      )
      .argument(
        '[location...]',
        'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward collect s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward collect s3://my-bucket/flink --ledger s3://my-ledger/flink --execute
  steward collect /mnt/flink --execute`,
    )
    .action(async (places: string[], options: ActingOptions) => {
      const prepared = await prepareArea(places, options, io);
      const report = await runArea(
        prepared,
        {
          command: 'collect',
          execute: options.execute === true,
          yes: options.yes === true,
          accept: options.accept ?? [],
          retires: true,
          sweep: async () => () => true,
        },
        io,
      );
      const executes = options.execute === true;
      const title = { title: 'Collection of', words: ['collect'], planned: () => null, executes };
      finish(reportRun(title, report, prepared, io));
    });
}
