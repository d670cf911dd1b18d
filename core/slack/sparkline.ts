import type { Point } from '../statistics.ts';

/** A row of bars as text: how something went over the last days. */

const BARS = '▁▂▃▄▅▆▇█';
const NOTHING = '·';
const LEVEL = '▄';
/** Below this share of the highest value, ups and downs are noise, and are drawn as a level line. */
const NOISE = 0.05;

/**
 * One bar for each of `bars` equal times up to `now`, as high as the highest sample in it; a dot where there is none.
 *
 * @param span milliseconds.
 * @returns null where there are not two times with a sample, so that nothing can be seen.
 */
export function sparkline(samples: readonly Point[], now: number, span: number, bars = 14): string | null {
  const heights = new Array<number | null>(bars).fill(null);
  for (const { at, value } of samples) {
    const bar = Math.ceil(((at - (now - span)) / span) * bars) - 1;
    const before = heights[bar];
    if (before !== undefined && Number.isFinite(value)) {
      heights[bar] = Math.max(value, before ?? value);
    }
  }
  const known = heights.filter((height) => height !== null);
  if (known.length < 2) {
    return null;
  }
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const range = high - low;
  return heights.map((height) => drawn(height, low, range, high)).join('');
}

function drawn(height: number | null, low: number, range: number, high: number): string {
  if (height === null) {
    return NOTHING;
  }
  return range <= NOISE * Math.abs(high)
    ? LEVEL
    : BARS.charAt(Math.round(((height - low) / range) * (BARS.length - 1)));
}
