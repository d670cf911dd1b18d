import { compareKeys } from '#core/key-order.ts';
import type { JobAudit } from './audit.ts';

/** In which orders the jobs of an audit can be shown, by the column that they go by. */

type Order = (a: JobAudit, b: JobAudit) => number;

/** Where nothing is known of a job, it comes last. */
function largestFirst(amount: (job: JobAudit) => number | null): Order {
  return (a, b) => (amount(b) ?? Number.NEGATIVE_INFINITY) - (amount(a) ?? Number.NEGATIVE_INFINITY) || 0;
}

function earliestFirst(timeOf: (job: JobAudit) => string | null, unknown: 'first' | 'last'): Order {
  // Times of one form sort as texts do: nothing sorts before all of them, and a tilde after.
  const known = (job: JobAudit): string => timeOf(job) ?? (unknown === 'first' ? '' : '~');
  return (a, b) => compareKeys(known(a), known(b));
}

const ORDERS = {
  size: largestFirst(({ total }) => total.bytes),
  live: largestFirst(({ groups }) => groups.live.bytes),
  reclaimable: largestFirst(({ groups }) => groups.reclaimable.bytes),
  checkpoints: largestFirst(({ checkpoints, savepoints }) => checkpoints + savepoints),
  growth: largestFirst(({ outlook }) => outlook.growthBytesPerDay),
  age: earliestFirst(({ lastWrite }) => lastWrite, 'last'),
  'restore-point': earliestFirst(({ newestRestorePoint }) => newestRestorePoint?.completed ?? null, 'first'),
  name: (a: JobAudit, b: JobAudit) => compareKeys(a.label, b.label),
} as const satisfies Record<string, Order>;

/** A column by which the jobs of an audit are sorted. */
export type JobOrder = keyof typeof ORDERS;

/** All of them, the usual one first. */
export const JOB_ORDERS = Object.keys(ORDERS) as readonly JobOrder[];

/**
 * The jobs by one column: the largest amount first, for `age` the job that has written nothing for longest, for
 * `restore-point` a job that has none, then the oldest. Jobs that do not differ there stay as they are.
 */
export function sortJobs(jobs: readonly JobAudit[], order: JobOrder): readonly JobAudit[] {
  return jobs.toSorted(ORDERS[order]);
}
