import { type Command, Option } from 'commander';
import { BREAKERS, type Breaker } from '#core/collect/breakers.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import type { Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { prepareArea } from '../prepare-area.ts';
import { reportRun } from '../report-run.ts';
import { runArea } from '../run-area.ts';

/** Options of commands that act on a whole area. */
export function addActing(command: Command): Command {
  return addAreaOptions(
    command
      .option('--execute', 'do it; without this nothing is deleted')
      .addOption(
        new Option(
          '--accept <breaker...>',
          'go on although this breaker has tripped, because somebody has looked',
        ).choices(BREAKERS),
      ),
  );
}

export interface ActingOptions extends AreaOptions {
  readonly execute?: true;
  readonly accept?: readonly Breaker[];
}

export function addCollect(program: Command, io: Io, finish: (status: Status) => void): void {
  addActing(
    program
      .command('collect')
      .summary('a whole run: look, retire by policy, delete what has served its quarantine')
      .description(
        'Surveys the area, remembers what is garbage, retires checkpoints and savepoints where "retain" of steward.json says so, and deletes garbage that has served its quarantine. Without --execute it only looks and remembers. Meant to run by a schedule, beside running jobs.',
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
          accept: options.accept ?? [],
          retires: true,
          sweep: async () => () => true,
        },
        io,
      );
      finish(
        await reportRun({ title: 'Collection of', words: ['collect'], planned: () => null }, report, prepared, io),
      );
    });
}
