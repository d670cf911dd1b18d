import { middleOf, type Point, theilSen } from '../statistics.ts';
import type { JobHistory, Measure } from './job-history.ts';
import { SMALL_STATE, sizedCheckpoints } from './jump.ts';

/**
 * How fast a job grows. The size of a bucket goes up and down: compactions, a day's traffic, garbage that waits for
 * its collection, redeployments. So the floor of a day is looked at, and the median of many slopes.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A floor is the least value of so long. */
const FLOOR = DAY;
/** Floors are taken so far apart, */
const STEP = 6 * HOUR;
/** and so many of them: over four days. */
const FLOORS = 17;
/** Fewer tell no trend: those of the last two days. */
const FEWEST_FLOORS = 9;
/** What was foreseen up to a day ago, so many steps, still holds, so that an alarm does not come and go with each compaction. */
const LINGERING = 4;

/** Without a budget of its own, a job may become so many times as large as it was in its first days. */
const ASSUMED_GROWTH = 5;
const FIRST_DAYS = 3 * DAY;
/** Share of the total a day; what grows by less has come to rest, for an assumed budget that it has passed. */
const AT_REST = 0.01;

/** How many bytes a job may use. */
export interface Budget {
  readonly bytes: number;
  /** Whether nobody configured it. */
  readonly assumed: boolean;
}

/** What is measured of a job, oldest first. Where no survey measured it, its checkpoints stand for it. */
export function totalsOf(history: Pick<JobHistory, 'completions' | 'measures'>): readonly Point[] {
  return history.measures.length > 0 ? measured(history, ({ total }) => total) : checkpointSizes(history);
}

/** One size of each measure, oldest first. */
export function measured(
  { measures }: Pick<JobHistory, 'measures'>,
  sizeOf: (measure: Measure) => number,
): readonly Point[] {
  return measures.map((measure) => ({ at: measure.at, value: sizeOf(measure) }));
}

/** The sizes of a job's checkpoints, oldest first. */
export function checkpointSizes(history: Pick<JobHistory, 'completions'>): readonly Point[] {
  return sizedCheckpoints(history).map(({ completed, bytes }) => ({ at: completed, value: bytes }));
}

/**
 * The floors of the last four days, oldest first: at each of them the least value of the 24 hours before. One is left
 * out where its 24 hours are not known, or hold no value.
 *
 * @param points oldest first.
 * @param now epoch milliseconds.
 */
export function floorsOf(points: readonly Point[], now: number, count = FLOORS): readonly Point[] {
  const [first] = points;
  const recent = points.slice(points.findLastIndex(({ at }) => at <= now - count * STEP - FLOOR) + 1);
  const floors: Point[] = [];
  for (let index = count - 1; index >= 0; index--) {
    const at = now - index * STEP;
    if (first === undefined || first.at > at - FLOOR + STEP) continue;
    let value = Number.POSITIVE_INFINITY;
    for (const point of recent) {
      if (point.at > at - FLOOR && point.at <= at && point.value < value) value = point.value;
    }
    if (value < Number.POSITIVE_INFINITY) floors.push({ at, value });
  }
  return floors;
}

/** Per day, in what the points count; null where there are not yet enough of them. */
export function growthOf(points: readonly Point[], now: number): number | null {
  return slopeOf(floorsOf(points, now));
}

function slopeOf(floors: readonly Point[]): number | null {
  const slope = floors.length < FEWEST_FLOORS ? null : theilSen(floors);
  return slope === null ? null : slope * DAY;
}

/**
 * Growth per day that goes on: the slope, but not more than what the newest floor rose by in the last day. After a step,
 * such as a redeployment that leaves the old state behind, the slope alone would go on for two days as if it grew.
 */
function lastingGrowth(floors: readonly Point[]): number {
  const newest = floors.at(-1);
  const dayBefore = floors.find(({ at }) => newest !== undefined && at === newest.at - DAY);
  const rise = newest === undefined || dayBefore === undefined ? 0 : newest.value - dayBefore.value;
  return rise <= 0 ? rise : Math.min(slopeOf(floors) ?? 0, rise);
}

/**
 * The configured budget, or five times the median of the job's first three days; null where neither is known.
 *
 * @param configured bytes.
 */
export function budgetOf(
  history: Pick<JobHistory, 'completions' | 'measures'>,
  configured: number | null,
  now: number,
): Budget | null {
  if (configured !== null) return { bytes: configured, assumed: false };
  const points = totalsOf(history);
  const [first] = points;
  if (first === undefined || now - first.at < FIRST_DAYS) return null;
  const usual = middleOf(points.filter(({ at }) => at - first.at < FIRST_DAYS).map(({ value }) => value));
  return { bytes: ASSUMED_GROWTH * Math.max(usual, SMALL_STATE), assumed: true };
}

/**
 * Days until the floor reaches the budget; 0 where it is above it. Null where it does not grow, where too little is
 * known, and where it has come to rest above a budget that nobody set.
 */
export function daysToBudgetOf(
  history: Pick<JobHistory, 'completions' | 'measures'>,
  budget: Budget | null,
  now: number,
): number | null {
  const floors = floorsOf(totalsOf(history), now, FLOORS + LINGERING);
  const days = Array.from({ length: LINGERING + 1 }, (_, ago) => {
    const end = now - ago * STEP;
    const seen = floors.filter(({ at }) => at <= end && at > end - FLOORS * STEP);
    // Of a day at which nobody looked nothing can be foreseen.
    return seen.at(-1)?.at === end ? daysOf(seen, budget) : null;
  });
  const known = days.filter((one) => one !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function daysOf(floors: readonly Point[], budget: Budget | null): number | null {
  const floor = floors.at(-1)?.value;
  const growth = lastingGrowth(floors);
  if (budget === null || floor === undefined) return null;
  const left = budget.bytes - floor;
  if (left > 0) return growth > 0 ? left / growth : null;
  return budget.assumed && growth < AT_REST * floor ? null : 0;
}
