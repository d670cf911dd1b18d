import { type Point, theilSen } from '../statistics.ts';

/** How a state grows, from what was remembered of earlier looks. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Older sizes tell of another time. */
const LOOKED_BACK = 14 * DAY;
/** Within a day a size goes up and down with compaction and traffic. */
const SHORTEST_SPAN = DAY;
/** Looks that come more often are not all kept. */
const BETWEEN = 6 * HOUR;
const MOST_KEPT = 60;

/** Per day, in what the points count; null where they span less than a day. @param points oldest first */
export function growthPerDay(points: readonly Point[]): number | null {
  const newest = points.at(-1)?.at ?? 0;
  const recent = points.filter(({ at }) => at >= newest - LOOKED_BACK);
  const span = newest - (recent[0]?.at ?? newest);
  const slope = span < SHORTEST_SPAN ? null : theilSen(recent);
  return slope === null ? null : slope * DAY;
}

/** The looks that are kept once there is a new one: at most one in six hours, but for the newest. */
export function withNewest<Look extends { readonly at: number }>(
  looks: readonly Look[],
  newest: Look,
): readonly Look[] {
  const before = looks.filter(({ at }) => at < newest.at);
  const [earlier, last] = before.slice(-2);
  const isClose = earlier !== undefined && last !== undefined && last.at - earlier.at < BETWEEN;
  const spaced = isClose ? before.slice(0, -1) : before;
  return [...spaced, newest].slice(-MOST_KEPT);
}
