import { middleOf } from '../statistics.ts';
import type { Completion, JobHistory } from './job-history.ts';

/**
 * How often a job completes a checkpoint, learned from its own: no configuration of Flink's is known here, it differs
 * from job to job, and people change it.
 */

const MINUTE = 60_000;

/** Newest intervals that are looked at: one gap of a restart among them, or three, do not count. */
const INTERVALS = 9;
/** As few of the newest that agree are a new cadence, when they are longer. */
const NEWEST = 3;
/** How much longer than expected is waited where the cadence may just have changed. */
const PATIENCE = 3;
/** So many intervals tell the cadence of a submission without a look at the one before it. */
const SETTLED = 3;

/**
 * Jobs with a shorter cadence are judged by this one. Events come together within a minute, restarts of task managers
 * take several, and gauges are published hourly: seconds without a checkpoint need no alarm.
 */
export const SHORTEST_CADENCE = 5 * MINUTE;

/** The usual time between two checkpoints in milliseconds, or null where too few of them are known. */
export function cadenceOf({ completions }: Pick<JobHistory, 'completions'>): number | null {
  const submissions = submissionsOf(completions);
  const own = submissions[0] ?? [];
  if (own.length >= SETTLED) {
    return learned(own);
  }
  const earlier = submissions.slice(1).find((intervals) => intervals.length > 0);
  const prior = earlier === undefined ? null : learned(earlier);
  if (own.length === 0) {
    // A submission can have brought another interval, and has not yet shown it.
    return prior === null ? null : prior * PATIENCE;
  }
  // The first interval after a recovery is shorter than the others: Flink begins to count anew.
  return prior === null && own.length < SETTLED - 1 ? null : Math.max(...own, prior ?? 0);
}

/**
 * The age of the newest checkpoint in multiples of {@link cadenceOf}; null where that is not known. Savepoints neither
 * make it smaller nor count as intervals: they come when people want them.
 *
 * @param now epoch milliseconds.
 */
export function latenessOf(history: Pick<JobHistory, 'completions'>, now: number): number | null {
  const newest = history.completions.findLast(({ savepoint }) => !savepoint);
  const cadence = cadenceOf(history);
  return newest === undefined || cadence === null
    ? null
    : Math.max(0, now - newest.completed) / Math.max(cadence, SHORTEST_CADENCE);
}

/** Intervals of each submission, the newest first; the submission with the newest checkpoint first. */
function submissionsOf(completions: readonly Completion[]): readonly (readonly number[])[] {
  const submissions = new Map<string | null, { oldest: number; readonly intervals: number[] }>();
  for (const { completed, jobId, savepoint } of completions.toReversed()) {
    if (savepoint) continue;
    const known = submissions.get(jobId);
    if (known === undefined) {
      submissions.set(jobId, { oldest: completed, intervals: [] });
    } else if (known.intervals.length < INTERVALS) {
      known.intervals.push(known.oldest - completed);
      known.oldest = completed;
    }
  }
  return [...submissions.values()].map(({ intervals }) => intervals);
}

/**
 * A cadence that became longer is believed at its second interval, and the first one is already waited for with
 * patience; one gap of a restart is forgotten with the next checkpoint.
 *
 * @param intervals at least one, the newest first.
 */
function learned(intervals: readonly number[]): number {
  const usual = middleOf(intervals);
  const lately = middleOf(intervals.slice(0, NEWEST));
  const last = middleOf(intervals.slice(0, 1));
  return Math.max(usual, lately, Math.min(last, PATIENCE * usual));
}
