import type { Completion, JobHistory, Measure } from '#core/signals/job-history.ts';

/** Pieces of job histories, with what a test does not care about filled in. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const GIB = 1024 ** 3;
/** When the histories of the tests begin. */
export const START = Date.UTC(2027, 2, 1);

/** A checkpoint completed so many hours after {@link START}. */
export function completion(hours: number, rest: Partial<Completion> = {}): Completion {
  return {
    completed: START + hours * HOUR,
    jobId: 'a'.repeat(32),
    checkpointId: String(Math.round(hours * 60)),
    savepoint: false,
    bytes: GIB,
    incrementBytes: null,
    ...rest,
  };
}

/** A survey so many hours after {@link START}. */
export function measure(hours: number, rest: Partial<Measure> = {}): Measure {
  const { live = 10 * GIB, reclaimable = 0, unknown = 0 } = rest;
  return {
    at: START + hours * HOUR,
    live,
    reclaimable,
    quarantined: 0,
    unknown,
    total: live + reclaimable + unknown,
    roots: 2,
    restorePoints: 2,
    damagedRoots: 0,
    costPerMonth: null,
    ...rest,
  };
}

export function historyOf(rest: Partial<JobHistory> = {}): JobHistory {
  return { label: 'orders', completions: [], measures: [], ended: false, ...rest };
}

/** One for each of so many hours. */
export function hourly<T>(hours: number, make: (hour: number) => T): readonly T[] {
  return Array.from({ length: hours }, (_, hour) => make(hour));
}
