/** Durations and sizes as people write them in `steward.json`. */

/** A number, whole or decimal, and a unit right behind it. */
export const DURATION_PATTERN = /^[0-9]+(?:\.[0-9]+)?(?:s|m|h|d|w)$/;
export const SIZE_PATTERN = /^[0-9]+(?:\.[0-9]+)?(?:B|[kKMGTP]B|[KMGTP]iB)$/;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
  ['w', 7 * DAY],
]);

/** Long enough for "never", short enough that adding it to any time of day still gives a valid date. */
export const LONGEST_DURATION_DAYS = 100_000;

const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ...[...'KMGTP'].flatMap((letter, power): [string, number][] => [
    [`${letter}B`, 1000 ** (power + 1)],
    [`${letter}iB`, 1024 ** (power + 1)],
  ]),
]);

/** Whole milliseconds, rounded, or undefined where `text` is no duration or is longer than 100,000 days. */
export function parseDuration(text: string): number | undefined {
  const milliseconds = scale(text, DURATION_PATTERN, DURATION_UNITS);
  return milliseconds !== undefined && milliseconds <= LONGEST_DURATION_DAYS * DAY ? milliseconds : undefined;
}

/** Whole bytes, rounded, or undefined where `text` is no size or more bytes than a number counts exactly. */
export function parseSize(text: string): number | undefined {
  const bytes = scale(text, SIZE_PATTERN, SIZE_UNITS);
  return bytes !== undefined && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * The shortest text that {@link parseDuration} reads back to the same number. One day is `24h`, two are `2d`.
 * @param milliseconds a whole number, not negative
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 2 * DAY && milliseconds % DAY === 0) {
    return `${milliseconds / DAY}d`;
  }
  if (milliseconds >= HOUR && milliseconds % HOUR === 0) {
    return `${milliseconds / HOUR}h`;
  }
  if (milliseconds >= MINUTE && milliseconds % MINUTE === 0) {
    return `${milliseconds / MINUTE}m`;
  }
  return `${milliseconds / SECOND}s`;
}

/**
 * The text that {@link parseSize} reads back to the same number, in the unit that leaves the fewest digits.
 * @param bytes a whole number, not negative
 */
export function formatSize(bytes: number): string {
  const whole = [...SIZE_UNITS].filter(([, size]) => bytes >= size && bytes % size === 0);
  const [unit, size] = whole.reduce((best, next) => (next[1] > best[1] ? next : best), ['B', 1]);
  return `${bytes / size}${unit}`;
}

function scale(text: string, pattern: RegExp, units: ReadonlyMap<string, number>): number | undefined {
  if (!pattern.test(text)) {
    return undefined;
  }
  const digits = /^[0-9.]+/.exec(text)?.[0] ?? '';
  const unit = units.get(text.slice(digits.length));
  return unit === undefined ? undefined : Math.round(Number(digits) * unit);
}
