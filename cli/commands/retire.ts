import type { Command } from 'commander';
import type { Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { prepareArea } from '../prepare-area.ts';
import { reportRun } from '../report-run.ts';
import { runArea } from '../run-area.ts';
import { type ActingOptions, addActing } from './collect.ts';

export function addRetire(program: Command, io: Io, finish: (status: Status) => void): void {
  addActing(
    program
      .command('retire')
      .summary('retire old checkpoints and savepoints by policy')
      .description(
        'Shows which checkpoints of ended jobs and which savepoints would be kept or retired according to "retain" in steward.json, and why. With --execute, the _metadata of those to retire is moved into the ledger: jobs can no longer be restored from them, and their files become garbage. "steward undo" puts them back until those files are deleted.',
      )
      .argument('[location...]', 'buckets or directories with Flink checkpoints (default: "area" of steward.json)'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward retire s3://my-bucket/flink --ledger s3://my-ledger/flink
  steward retire s3://my-bucket/flink --ledger s3://my-ledger/flink --execute`,
    )
    .action(async (places: string[], options: ActingOptions) => {
      const prepared = await prepareArea(places, options, io);
      const report = await runArea(
        prepared,
        {
          command: 'retire',
          execute: options.execute === true,
          accept: options.accept ?? [],
          retires: true,
          sweep: null,
        },
        io,
      );
      finish(await reportRun({ title: 'Retirement in', words: ['retire'], planned: () => null }, report, prepared, io));
    });
}
