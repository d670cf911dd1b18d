import { middleOf } from '../statistics.ts';
import type { Completion, JobHistory } from './job-history.ts';

/** A jump in the size of a job's state, seen from its checkpoints alone. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Checkpoints of so long before one are what it is compared with. */
export const BASELINE = 7 * DAY;
/** A job that is younger has no usual size: its state still fills. */
const YOUNGEST = DAY;
/** Fewer hours with a checkpoint say nothing. */
const FEWEST_HOURS = 5;
/** A state of so many bytes can become three times as large without anybody's being interested. */
export const SMALL_STATE = 64 * 1024 ** 2;
/** Smaller ratios are no jump at any threshold that can be configured. */
export const LEAST_JUMP = 2;

interface Sized extends Completion {
  readonly bytes: number;
}

/** Checkpoints proper whose size is known, oldest first. */
export function sizedCheckpoints({ completions }: Pick<JobHistory, 'completions'>): readonly Sized[] {
  return completions.filter(isSized);
}

function isSized(completion: Completion): completion is Sized {
  return !completion.savepoint && completion.bytes !== null;
}

/**
 * Full size of the newest checkpoint over the median of the seven days before it; null where there are too few of
 * them, or they are empty.
 */
export function growthRatioOf(history: Pick<JobHistory, 'completions'>): number | null {
  const checkpoints = sizedCheckpoints(history);
  const newest = checkpoints.at(-1);
  return newest === undefined ? null : ratioOf(newest, checkpoints);
}

/**
 * The smaller {@link growthRatioOf} of the two newest checkpoints: one alone may have been taken while a backlog was
 * worked off. Null where there is no jump: the state is small, or the ratio not above {@link LEAST_JUMP}.
 */
export function jumpRatioOf(history: Pick<JobHistory, 'completions'>): number | null {
  const checkpoints = sizedCheckpoints(history);
  const newest = checkpoints.at(-1);
  if (newest === undefined) return null;
  const ratio = ratioOf(newest, checkpoints);
  if (ratio === null || ratio <= LEAST_JUMP || newest.bytes < SMALL_STATE) return null;
  const before = checkpoints.findLast((checkpoint) => !isSame(checkpoint, newest));
  if (before === undefined || before.bytes < SMALL_STATE) return null;
  const ratioBefore = ratioOf(before, checkpoints);
  return ratioBefore !== null && ratioBefore > LEAST_JUMP ? Math.min(ratio, ratioBefore) : null;
}

/** One event can arrive twice, with two times. */
function isSame(a: Sized, b: Sized): boolean {
  return a === b || (a.checkpointId !== null && a.checkpointId === b.checkpointId && a.jobId === b.jobId);
}

/** Of one of the checkpoints over those before it. */
function ratioOf(checkpoint: Sized, checkpoints: readonly Sized[]): number | null {
  // One an hour: else a job with a checkpoint each second would be compared with its last minutes, since of what is
  // older not all is remembered.
  const hours = new Map<number, Sized>();
  const from = checkpoints.findLastIndex(({ completed }) => checkpoint.completed - completed > BASELINE) + 1;
  for (const earlier of checkpoints.slice(from, checkpoints.lastIndexOf(checkpoint))) {
    hours.set(Math.floor(earlier.completed / HOUR), earlier);
  }
  const [oldest] = hours.values();
  if (oldest === undefined || hours.size < FEWEST_HOURS || checkpoint.completed - oldest.completed < YOUNGEST) {
    return null;
  }
  const usual = middleOf([...hours.values()].map(({ bytes }) => bytes));
  return usual === 0 ? null : checkpoint.bytes / usual;
}
