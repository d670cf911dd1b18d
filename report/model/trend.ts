import type { Completion, JobHistory, Measure } from '#core/signals/job-history.ts';
import type { ReportCompletions, ReportGrowth, ReportTrend } from './document.ts';

/** Sizes over time, reduced to the number of points that a chart can show. */

/** The most points of a chart. */
export const MOST_POINTS = 120;
const MOST_POINTS_OF_JOB = 60;
const LEAST_POINTS_OF_JOB = 12;
/** Of all jobs together: a page of a thousand jobs must open as fast as one of hundreds. */
const MOST_POINTS_OF_ALL_JOBS = 18_000;

/** The most points of each of so many jobs. */
export function mostPointsOfJob(jobs: number): number {
  const share = Math.floor(MOST_POINTS_OF_ALL_JOBS / Math.max(1, jobs));
  return Math.min(MOST_POINTS_OF_JOB, Math.max(LEAST_POINTS_OF_JOB, share));
}
const DAY = 86_400_000;
/** Growth is measured over this time, or over less if the history is shorter. */
const GROWTH_OVER = 7 * DAY;
const SHORTEST_GROWTH = DAY / 2;

/** One measurement of one job, or of all jobs. */
export interface TrendPoint {
  readonly at: number;
  readonly live: number;
  readonly deletable: number;
  readonly quarantined: number;
  readonly other: number;
}

/** The measurements of a job by past surveys, with this survey last. */
export function pointsOf(history: JobHistory | undefined, now: TrendPoint): readonly TrendPoint[] {
  return [...(history?.measures ?? []).filter(({ at }) => at < now.at).map(pointOf), now];
}

function pointOf({ at, live, reclaimable, quarantined, total }: Measure): TrendPoint {
  const other = Math.max(0, total - live - reclaimable);
  return { at, live, deletable: Math.max(0, reclaimable - quarantined), quarantined, other };
}

/**
 * All jobs together at each time at which one of them was measured. A job counts from its first measure to its last,
 * in between as it was last seen; before and after that it was not there, or nobody knows.
 */
export function sumOfAll(jobs: readonly (readonly TrendPoint[])[]): readonly TrendPoint[] {
  const times = [...new Set(jobs.flatMap((points) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const sums = times.map((at) => ({ at, live: 0, deletable: 0, quarantined: 0, other: 0 }));
  for (const points of jobs) {
    let seen = -1;
    for (const sum of sums) {
      while ((points[seen + 1]?.at ?? Number.POSITIVE_INFINITY) <= sum.at) seen++;
      const point = points[seen];
      if (point !== undefined && (seen < points.length - 1 || point.at === sum.at)) {
        sum.live += point.live;
        sum.deletable += point.deletable;
        sum.quarantined += point.quarantined;
        sum.other += point.other;
      }
    }
  }
  return sums;
}

export function trendOf(points: readonly TrendPoint[], most: number): ReportTrend {
  const shown = thinned(points, most);
  return {
    at: shown.map(({ at }) => at),
    live: shown.map(({ live }) => live),
    deletable: shown.map(({ deletable }) => deletable),
    quarantined: shown.map(({ quarantined }) => quarantined),
    other: shown.map(({ other }) => other),
  };
}

/** @returns null if the history is too short. */
export function recentGrowth(points: readonly TrendPoint[]): ReportGrowth | null {
  const last = points.at(-1);
  const [first] = points;
  if (last === undefined || first === undefined || last.at - first.at < SHORTEST_GROWTH) {
    return null;
  }
  const then = points.findLast(({ at }) => at <= last.at - GROWTH_OVER) ?? first;
  return { since: then.at, from: totalOf(then) };
}

function totalOf({ live, deletable, quarantined, other }: TrendPoint): number {
  return live + deletable + quarantined + other;
}

/** Completed checkpoints and savepoints, from the history and from the existing roots. */
export function completionsOf(
  known: readonly Completion[],
  there: readonly Completion[],
  most: number,
): ReportCompletions {
  const byTime = new Map(
    [...there, ...known].map((completion) => [`${completion.completed}:${completion.jobId}`, completion]),
  );
  const all = thinned(
    [...byTime.values()].sort((a, b) => a.completed - b.completed),
    most,
  );
  return {
    at: all.map(({ completed }) => completed),
    bytes: all.map(({ bytes }) => bytes),
    increments: all.map(({ incrementBytes }) => incrementBytes),
    savepoint: all.map(({ savepoint }) => savepoint),
  };
}

/** Evenly spaced points, always with the first and the last one. */
function thinned<Point>(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) {
    return points;
  }
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => points[Math.round(at * step)]).flatMap((point) => point ?? []);
}
