/** How often surveys come, by the expression of EventBridge Scheduler. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: HOUR, day: 24 * HOUR };

/** Milliseconds between two surveys; null where a calendar says when they come. */
export function surveyRate(schedule: string): number | null {
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  return Number(count) * (UNITS[unit] ?? 0) || null;
}

/** From when on what a survey has left for the guard is too old, in milliseconds: at the second one that did not come. */
export function longestGuarded(schedule: string): number {
  const rate = surveyRate(schedule);
  return rate === null ? 26 * HOUR : Math.max(2 * rate, 2 * HOUR);
}
