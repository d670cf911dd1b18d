import type { Command } from 'commander';
import { statesOf } from '#steward/states.ts';
import { addAreaOptions } from '../area-options.ts';
import { refuseEmpty } from '../empty-area.ts';
import { type Status, statusOfArea } from '../errors.ts';
import type { Io } from '../io.ts';
import { answerAs, offersCsv } from '../output-format.ts';
import { complainOf } from '../print/problems.ts';
import { printStates } from '../print/states.ts';
import { readStateFiles, type StateFilesOptions } from '../read-state-files.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { STATE_COLUMNS } from '../tables/states.ts';

export function addStates(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    offersCsv(
      addAreaOptions(
        program
          .command('states')
          .summary('which states make up a job, by operator and name')
          .description(
            'Shows for the newest checkpoint of each job which operators and which of their states hold its bytes: entries, deletions, value sizes, TTL, growth and cost, and what makes them large. Reads the last 4 KiB of each state file of RocksDB or ForSt, once in its life; what was read is remembered in the ledger. Says what that costs before it begins. Changes nothing in the area.',
          )
          .argument(
            '[location...]',
            'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
          )
          .option('--job <job>', 'only this job: its label, its id, or the first digits of its id (at least four)'),
      ),
    ),
    { options: ['job'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward states s3://my-bucket/flink --job orders-cdc
  steward states ./copy --as s3://my-bucket
  steward states --job orders-cdc --json | jq '.jobs[0].states[] | {"state": .state, "bytes": .bytes}'`,
    )
    .action(async (places: string[], options: StateFilesOptions) => {
      const { job, ...others } = options;
      const { report, empty } = await answered(
        { places, options: others },
        { action: 'states', job },
        io,
        async () => ({
          report: await readStateFiles(places, options, io, statesOf),
          empty: null,
        }),
      );
      refuseEmpty(empty);
      if (options.format === 'csv') complainOf(report, io);
      io.out(
        answerAs(options, {
          document: () => report,
          text: () => printStates(report, io),
          columns: STATE_COLUMNS,
          rows: report.jobs.flatMap((its) => its.states.map((state) => ({ job: its, state }))),
        }),
      );
      finish(
        statusOfArea(
          report.undecidable,
          report.jobs.some(({ findings }) => findings.length > 0),
        ),
      );
    });
}
