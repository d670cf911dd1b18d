import pMap from 'p-map';
import { jobsOf } from '#core/jobs/jobs.ts';
import { openRootCache } from '#operations/ledger/root-cache.ts';
import type { AuditReport, JobAudit } from '#operations/report/audit.ts';
import { countOperators } from '#operations/states/count-operators.ts';
import type { AgainInput } from '#operations/states/read-root-again.ts';
import { auditOfJob } from './audit.ts';
import type { Look } from './look.ts';
import type { Steward } from './steward.ts';

const ROOTS_AT_ONCE = 4;
/** Each takes two requests and the reading of two roots. */
const MOST_JOBS = 100;

/** What it takes to read roots of a look again. @throws StoreError */
export async function againInput(
  { locations, input }: Pick<Steward, 'locations' | 'input'>,
  { survey, ledger }: Pick<Look, 'survey' | 'ledger'>,
  signal: AbortSignal | undefined = input.signal,
): Promise<AgainInput> {
  return {
    area: survey.area,
    stores: locations.map(({ store }) => store),
    ...(ledger === null ? {} : { cache: await openRootCache(ledger, survey.start, false) }),
    signal,
  };
}

/**
 * The same report with one job only, and with the state of its newest restore point by operator, for which that root
 * and the one before it are read a second time. All that is told of the whole area stays.
 *
 * @param job see `jobsNamed`; null for all jobs, of which no operators are told.
 * @throws RefusedError if there is no such job, or the ids of several begin so; StoreError
 */
export async function auditWithOperators(
  steward: Pick<Steward, 'locations' | 'input' | 'config'>,
  looked: Pick<Look, 'survey' | 'totals' | 'ledger'>,
  report: AuditReport,
  job: string | null,
  signal?: AbortSignal,
): Promise<AuditReport> {
  const chosen = auditOfJob(report, job);
  return job === null ? chosen : await withOperators(steward, looked, chosen, signal);
}

/**
 * The same for the largest jobs of a report, at most as many as a page shows them of.
 *
 * @throws StoreError
 */
export async function withOperatorsOfLargest(
  steward: Pick<Steward, 'locations' | 'input' | 'config'>,
  looked: Pick<Look, 'survey' | 'totals' | 'ledger'>,
  report: AuditReport,
  signal?: AbortSignal,
): Promise<AuditReport> {
  const sorted = report.jobs.toSorted((one, other) => other.total.bytes - one.total.bytes);
  const { jobs } = await withOperators(steward, looked, { ...report, jobs: sorted.slice(0, MOST_JOBS) }, signal);
  return { ...report, jobs: [...jobs, ...sorted.slice(MOST_JOBS)] };
}

async function withOperators(
  steward: Pick<Steward, 'locations' | 'input' | 'config'>,
  looked: Pick<Look, 'survey' | 'totals' | 'ledger'>,
  chosen: AuditReport,
  signal: AbortSignal | undefined,
): Promise<AuditReport> {
  const input = await againInput(steward, looked, signal);
  const known = new Map(
    jobsOf(looked.survey, looked.totals, steward.config.labels).map((found) => [found.directory, found]),
  );
  const jobs = await pMap(
    chosen.jobs,
    async (one): Promise<JobAudit> => {
      const { roots = [], restorePoints: [root] = [] } = known.get(one.directory) ?? {};
      return { ...one, operators: root === undefined ? null : await countOperators(input, root, roots) };
    },
    { concurrency: ROOTS_AT_ONCE },
  );
  return { ...chosen, jobs };
}
