import { lifecyclePolicy } from '#config/lifecycle-policy.ts';
import { retentionOf } from '#config/retention.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { bucketsOf, checkBuckets } from '#operations/bucket-rules/check-rules.ts';
import { readAllHistories } from '#operations/ledger/job-histories.ts';
import { type AuditReport, audit, type BucketRules, stateNotes } from '#operations/report/audit.ts';
import { billingOf } from './billing.ts';
import { jobsNamed } from './job-names.ts';
import type { Look } from './look.ts';
import type { Steward } from './steward.ts';

export { isUnclear } from '#operations/bucket-rules/check-rules.ts';
export type { AuditReport, BucketRules, JobAudit } from '#operations/report/audit.ts';
export { GROUP_NAMES, GROUPS } from '#operations/report/audit.ts';
export { GROUP_WORDS } from '#operations/report/group-words.ts';
export { jobColumns } from '#operations/report/job-columns.ts';
export { about, moneyWords } from '#operations/report/money-words.ts';
export { openMetrics } from '#operations/report/openmetrics.ts';
export { JOB_ORDERS, type JobOrder, sortJobs } from '#operations/report/sort-jobs.ts';
export { describeStaying, type StayingView } from '#operations/report/staying.ts';
export { undecidableWords } from '#operations/report/undecidable-words.ts';

export interface AuditOptions {
  /** Lifecycle rules to judge instead of those of the buckets. */
  readonly lifecycle?: BucketRules | null;
  /** The jobs over time. @default the histories in the ledger */
  readonly histories?: readonly JobHistory[];
  /** When the quarantine of new garbage begins; null where the survey is no run. @default null */
  readonly quarantineBegins?: number | null;
  readonly signal?: AbortSignal | undefined;
}

export interface Audited {
  readonly report: AuditReport;
  readonly histories: readonly JobHistory[];
}

/** Reports on a surveyed area: its objects, what the lifecycle rules do, what it costs, and how the jobs grow. */
export async function auditArea(
  { config, locations, notes }: Steward,
  looked: Pick<Look, 'survey' | 'verdicts' | 'totals' | 'damage' | 'state' | 'ledger'>,
  { lifecycle = null, histories: given, quarantineBegins = null, signal }: AuditOptions = {},
): Promise<Audited> {
  const { survey, verdicts, totals, damage, state, ledger } = looked;
  const jobs = jobsOf(survey, totals, config.labels);
  const buckets = await checkBuckets(
    { survey, jobs, buckets: lifecycle === null ? bucketsOf(locations) : [], policy: lifecyclePolicy(config) },
    signal === undefined ? {} : { signal },
  );
  const histories = given ?? (ledger === null ? [] : await readAllHistories(ledger));
  const known = {
    damage,
    state,
    notes: [...notes.all, ...(state === null ? [] : stateNotes(state))],
    overTime: { histories, budgets: config.signals.budget },
  };
  const billing = await billingOf(config, locations);
  const { labels } = config;
  const retention = retentionOf(config, survey);
  const judged = { survey, verdicts, totals, labels, retention, published: config.signals, quarantineBegins };
  return { report: audit({ ...judged, bucketRules: lifecycle, billing, buckets, known }), histories };
}

/**
 * The same report with one job only. All that is told of the whole area stays.
 *
 * @param job see `jobsNamed`; null for all jobs.
 * @throws RefusedError if there is no such job, or the ids of several begin so.
 */
export function auditOfJob(report: AuditReport, job: string | null): AuditReport {
  return job === null ? report : { ...report, jobs: jobsNamed(report.jobs, job) };
}
