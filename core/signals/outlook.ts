import { cadenceOf, latenessOf } from './cadence.ts';
import { type Cause, causeOfGrowth } from './causes.ts';
import type { JobHistory } from './job-history.ts';
import { growthRatioOf, sizedCheckpoints } from './jump.ts';
import { type Budget, budgetOf, daysToBudgetOf, growthOf, totalsOf } from './trend.ts';

/** The state of a job for reports: its gauges, and what they are compared with. Null means not known. */
export interface Outlook {
  /** Full size of the newest checkpoint. */
  readonly checkpointBytes: number | null;
  /** Its size over the median of the seven days before it. */
  readonly growthRatio: number | null;
  /** The usual time between two checkpoints, in milliseconds. */
  readonly cadence: number | null;
  /** Age of the newest checkpoint in multiples of the cadence. */
  readonly lateness: number | null;
  /** Growth of all bytes of the job. */
  readonly growthBytesPerDay: number | null;
  readonly budget: Budget | null;
  readonly daysToBudget: number | null;
  /** What makes up most of the growth. */
  readonly cause: Cause | null;
}

/**
 * @param settings `now` in epoch milliseconds; `budget` in bytes, null where none is configured.
 */
export function outlookOf(
  history: JobHistory,
  { now, budget }: { readonly now: number; readonly budget: number | null },
): Outlook {
  const allowed = budgetOf(history, budget, now);
  return {
    checkpointBytes: sizedCheckpoints(history).at(-1)?.bytes ?? null,
    growthRatio: growthRatioOf(history),
    cadence: cadenceOf(history),
    lateness: latenessOf(history, now),
    growthBytesPerDay: growthOf(totalsOf(history), now),
    budget: allowed,
    daysToBudget: daysToBudgetOf(history, allowed, now),
    cause: causeOfGrowth(history, now)?.cause ?? null,
  };
}
