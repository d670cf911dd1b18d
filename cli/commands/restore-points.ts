import type { Command } from 'commander';
import { restorePointsOf } from '#steward/restore-points.ts';
import { withVerified } from '#steward/verify.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { AS_IT_IS, completeSaid } from '../complete-commands.ts';
import { refuseEmptiness, refuseEmpty } from '../empty-area.ts';
import { type Status, statusOfArea } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgeArea } from '../judge-area.ts';
import { answerAs, offersCsv } from '../output-format.ts';
import { complainOf } from '../print/problems.ts';
import { printRestorePoints } from '../print/restore-points.ts';
import { answered } from '../stack/answered.ts';
import { askable } from '../stack/askable.ts';
import { RESTORE_POINT_COLUMNS } from '../tables/restore-points.ts';

interface RestorePointsOptions extends AreaOptions {
  readonly job?: string;
  readonly verified?: true;
}

export function addRestorePoints(program: Command, io: Io, finish: (status: Status) => void): void {
  askable(
    offersCsv(
      addAreaOptions(
        program
          .command('restore-points')
          .summary('the newest restore point of each job, and the command that restores it')
          .description(
            'Shows for each job the newest checkpoint or savepoint whose files all exist with the right size, its age and size, and the flink command that restores it. Changes nothing.',
          )
          .argument(
            '[location...]',
            'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
          )
          .option('--job <job>', 'only this job: its label, its id, or the first digits of its id (at least four)')
          .option(
            '--verified',
            'also how many of its state files "verify" or "states" has looked at, as the ledger knows',
          ),
      ),
    ),
    { options: ['job'] },
  )
    .addHelpText(
      'after',
      `
Examples:
  steward restore-points s3://my-bucket/flink
  steward restore-points ./copy --as s3://my-bucket --job 9468946f
  steward restore-points ./copy --as s3://my-bucket --job orders-cdc --json | jq -r '.jobs[0].newest.command // empty'`,
    )
    .action(async (places: string[], options: RestorePointsOptions) => {
      const { job, verified, ...others } = options;
      const typed = { places, options: others };
      const { report, empty } = await answered(typed, { action: 'restore-points', job }, io, async () => {
        const judged = await judgeArea(places, options, io);
        refuseEmptiness(judged.survey);
        const found = restorePointsOf(judged.steward, judged, job ?? null);
        return {
          report: verified ? await withVerified(judged.steward, judged, found, io.signal) : found,
          empty: null,
        };
      });
      refuseEmpty(empty);
      if (options.format === 'csv') complainOf(report, io);
      io.out(
        answerAs(options, {
          document: () => report,
          text: () => printRestorePoints(report, typed, io),
          columns: RESTORE_POINT_COLUMNS,
          rows: completeSaid(report.jobs, io.complete ?? AS_IT_IS),
        }),
      );
      const hasFindings = report.jobs.some(({ finding }) => finding !== null);
      finish(statusOfArea(report.undecidable, hasFindings));
    });
}
