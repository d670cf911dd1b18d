import type { Point } from '../statistics.ts';
import type { JobHistory } from './job-history.ts';
import { checkpointSizes, floorsOf, growthOf, measured, totalsOf } from './trend.ts';

/** Why a job grows: which part of it, and what that usually means. */
export type Cause =
  /** The newest checkpoint itself: keys that are never cleared. */
  | 'state'
  /** The number of checkpoints and savepoints, while none of them grows. */
  | 'pile-up'
  /** Garbage that has not yet served its quarantine: more is left behind than usual. */
  | 'new-garbage'
  /** Garbage that may be deleted and is not. */
  | 'uncollected-garbage'
  /** Objects that are kept because they are unknown or young. */
  | 'other';

/** One sentence each, without the job. */
export const CAUSE_SENTENCES: Readonly<Record<Cause, string>> = {
  state: 'The state itself grows: look for keys that are never cleared, such as a missing state TTL or an open window.',
  'pile-up': 'Checkpoints and savepoints pile up, but none of them grows: check which of them retain keeps.',
  'new-garbage':
    'More garbage is left behind than usual: look for a job that crashes and is submitted again, or whose checkpoints fail.',
  'uncollected-garbage':
    'Garbage that may be deleted is not deleted: check whether deleting is paused, a breaker trips, or mode is "observe".',
  other:
    'Neither state nor known garbage grows, but other files do. To see why one of them is kept: steward explain OBJECT.',
};

/** How fast a job grows, and why. */
export interface Growth {
  /** All of it, bytes per day. */
  readonly bytesPerDay: number;
  /** What makes up most of it. */
  readonly cause: Cause;
}

/** Null where the job does not grow, or too little is known. */
export function causeOfGrowth(history: JobHistory, now: number): Growth | null {
  const bytesPerDay = growthOf(totalsOf(history), now) ?? 0;
  if (bytesPerDay <= 0) return null;
  if (history.measures.length === 0) return { bytesPerDay, cause: 'state' };
  // What rose most is seen earlier by the difference than by a median of slopes.
  const rise = (points: readonly Point[]): number => riseOf(floorsOf(points, now));
  const live = rise(measured(history, (measure) => measure.live));
  const fresh = rise(measured(history, ({ quarantined }) => quarantined));
  const served = rise(measured(history, ({ reclaimable, quarantined }) => reclaimable - quarantined));
  const other = rise(totalsOf(history)) - live - fresh - served;
  const state = Math.min(live, rise(checkpointSizes(history)));
  const garbage: Cause = served > fresh ? 'uncollected-garbage' : 'new-garbage';
  const alive: Cause = state > live / 2 ? 'state' : 'pile-up';
  const most = Math.max(live, fresh + served, other);
  return { bytesPerDay, cause: most === live ? alive : most === other ? 'other' : garbage };
}

function riseOf(floors: readonly Point[]): number {
  return theLast(floors) - theLast(floors.slice(0, 1));
}

function theLast(floors: readonly Point[]): number {
  return floors.at(-1)?.value ?? 0;
}

/** Whether one job grows, or all do. If all do, the cause is outside the jobs. */
export type Spread = 'none' | 'one' | 'some' | 'all';

/** Fewer jobs don't make a fleet that grows all at once. */
const FEWEST_OF_ALL = 3;
/** Share of the jobs that are as good as all. */
const AS_GOOD_AS_ALL = 0.8;

/** @param growing how many of the running jobs grow. */
export function spreadOf(growing: number, running: number): Spread {
  if (growing === 0) return 'none';
  if (growing >= FEWEST_OF_ALL && growing >= AS_GOOD_AS_ALL * running) return 'all';
  return growing === 1 ? 'one' : 'some';
}
