import type { Command } from 'commander';
import { type VerifyReport, verifyRestorePoints } from '#steward/verify.ts';
import { type AreaOptions, addAreaOptions } from '../area-options.ts';
import { refuseEmptiness } from '../empty-area.ts';
import { STATUS, type Status } from '../errors.ts';
import type { Io } from '../io.ts';
import { judgePrepared } from '../judge-area.ts';
import { prepareArea } from '../prepare-area.ts';
import { sayPlan } from '../print/states.ts';
import { remark } from '../print/stderr.ts';
import { printVerification } from '../print/verify.ts';
import { withAdvice } from '../refusals.ts';

interface VerifyOptions extends AreaOptions {
  readonly job?: string;
}

export function addVerify(program: Command, io: Io, finish: (status: Status) => void): void {
  addAreaOptions(
    program
      .command('verify')
      .summary('whether the state files of restore points are whole')
      .description(
        'Reads the end of each state file of RocksDB or ForSt that a restore point references, and names files that are torn, cut or overwritten although they have the right size. A file that was read before, by this command or by "states", is not read again. The exit status is 1 if there is such a file, and 3 if a file could not be read. Changes nothing in the area.',
      )
      .argument(
        '[location...]',
        'buckets (s3://bucket/prefix) or directories with Flink checkpoints (default: "area" of steward.json)',
      )
      .option('--job <job>', 'only this job: its label, its id, or the first digits of its id (at least four)'),
  )
    .addHelpText(
      'after',
      `
Examples:
  steward verify s3://my-bucket/flink
  steward verify ./copy --as s3://my-bucket --job orders-cdc
  steward verify --json | jq -r '.jobs[].broken[].url'`,
    )
    .action(async (places: string[], options: VerifyOptions) => {
      const { job, ...others } = options;
      const typed = { places, options: others };
      const report = await withAdvice(typed, async () => {
        const prepared = await prepareArea(places, options, io);
        const { steward, progress, endProgress } = prepared;
        const judged = await judgePrepared(prepared);
        refuseEmptiness(judged.survey);
        return await verifyRestorePoints(steward, judged, {
          job: job ?? null,
          onPlanned: (plan) => {
            if (plan.requests > 0) remark(sayPlan(plan), io);
          },
          onRead: (files, all) => progress?.showStateFiles(files, all),
          signal: io.signal,
        }).finally(endProgress);
      });
      io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : printVerification(report, io));
      finish(statusOf(report));
    });
}

function statusOf({ jobs }: VerifyReport): Status {
  if (jobs.some(({ broken }) => broken.length > 0)) return STATUS.findings;
  return jobs.some(({ unread }) => unread.length > 0) ? STATUS.undecidable : STATUS.well;
}
