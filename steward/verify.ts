import pMap from 'p-map';
import { DEFAULT_MOST_REQUESTS } from '#config/schema.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { RestorePointsReport } from '#operations/report/restore-points.ts';
import { knownWhole, rememberWhole, verifyFiles } from '#operations/states/verify-files.ts';
import { type VerifyReport, verifyReport } from '#operations/states/verify-report.ts';
import { billingOf } from './billing.ts';
import { jobsNamed } from './job-names.ts';
import type { Look } from './look.ts';
import { againInput } from './operators.ts';
import { costOfReads, noteForgotten, pricesIn, type StatesOptions, sayPlanned } from './states.ts';
import type { Steward } from './steward.ts';

export type { JobVerification, VerifyReport } from '#operations/states/verify-report.ts';
export { BROKEN } from '#operations/states/verify-report.ts';

const ROOTS_AT_ONCE = 4;

/**
 * Whether the state files of restore points are whole, by the end of each. What was read before is known from the
 * ledger, where there is one.
 *
 * @throws RefusedError if there is no such job, or the ids of several begin so; StoreError
 */
export async function verifyRestorePoints(
  steward: Steward,
  looked: Pick<Look, 'survey' | 'totals' | 'ledger'>,
  { job, onPlanned, onRead, signal }: StatesOptions,
): Promise<VerifyReport> {
  const { config, locations } = steward;
  const { survey, totals, ledger } = looked;
  const all = jobsOf(survey, totals, config.labels).filter(({ roots }) => roots.length > 0);
  const prices = pricesIn(await billingOf(config, locations), totals);
  const found = await verifyFiles({
    survey,
    again: await againInput(steward, looked, signal),
    jobs: job === null ? all : jobsNamed(all, job),
    ledger,
    most: config.states?.maxRequests ?? DEFAULT_MOST_REQUESTS,
    onPlanned: (plan) => sayPlanned(plan, prices, onPlanned),
    ...(onRead === undefined ? {} : { onRead }),
  });
  await noteForgotten(steward, () => rememberWhole({ ledger }, found.jobs));
  const cost = costOfReads(found.requests, prices);
  return verifyReport(found, survey, { cost, currency: prices?.currency ?? null });
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
