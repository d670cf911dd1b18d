import pMap from 'p-map';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { RestorePointsReport } from '#operations/report/restore-points.ts';
import { type VerifyReport, verifyReport } from '#operations/report/verify-report.ts';
import { knownWhole, rememberWhole, verifyFiles } from '#operations/states/verify-files.ts';
import type { Look } from './look.ts';
import { againInput } from './operators.ts';
import { costOfReads, noteForgotten, type StatesOptions, stateFilesInput } from './states.ts';
import type { Steward } from './steward.ts';

export type { JobVerification, VerifyReport } from '#operations/report/verify-report.ts';
export { BROKEN } from '#operations/report/verify-report.ts';

const ROOTS_AT_ONCE = 4;

/**
 * Whether the state files of restore points are whole, by the end of each. What was read before is known from the
 * ledger, where there is one.
 *
 * @throws RefusedError if there is no such job, or the ids of several begin so; StoreError
 */
export async function verifyRestorePoints(
  steward: Steward,
  looked: Pick<Look, 'survey' | 'totals' | 'damage' | 'ledger'>,
  options: StatesOptions,
): Promise<VerifyReport> {
  const { survey, damage, ledger } = looked;
  const { input, prices } = await stateFilesInput(steward, looked, options);
  const found = await verifyFiles(input);
  await noteForgotten(steward, () => rememberWhole({ ledger }, found.jobs));
  const cost = costOfReads(found.requests, prices);
  return verifyReport(found, { survey, damage }, { cost, currency: prices?.currency ?? null });
}

/**
 * The same report with how deep the files of each newest restore point were looked at, as the ledger remembers it. Reads
 * those roots a second time, and no state file.
 *
 * @throws StoreError
 */
export async function withVerified(
  steward: Steward,
  looked: Pick<Look, 'survey' | 'totals' | 'ledger'>,
  report: RestorePointsReport,
  signal?: AbortSignal,
): Promise<RestorePointsReport> {
  const input = { survey: looked.survey, again: await againInput(steward, looked, signal), ledger: looked.ledger };
  const newest = new Map(
    jobsOf(looked.survey, looked.totals, steward.config.labels).map((job) => [job.directory, job.restorePoints[0]]),
  );
  const jobs = await pMap(
    report.jobs,
    async (job) => {
      const root = newest.get(job.directory);
      if (job.newest === null || root === undefined) return job;
      const verified = (await knownWhole(input, root, job.label)) ?? undefined;
      return { ...job, newest: { ...job.newest, verified } };
    },
    { concurrency: ROOTS_AT_ONCE },
  );
  return { ...report, jobs };
}
