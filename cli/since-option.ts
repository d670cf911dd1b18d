import { InvalidArgumentError } from 'commander';
import { parseDuration } from '#config/units.ts';
import { parseTime } from './area-options.ts';

/** How far back something is asked for. */

/** A time, or how long ago; epoch milliseconds and milliseconds. */
export type Since = { readonly at: number } | { readonly ago: number };

export function parseSince(text: string): Since {
  const ago = parseDuration(text);
  if (ago !== undefined) return { ago };
  try {
    return { at: parseTime(text).getTime() };
  } catch {
    throw new InvalidArgumentError('Write a time as 2027-03-01T00:00:00Z, or how long ago as 7d, 24h or 30m.');
  }
}

/** The time that is meant, epoch milliseconds. @param now as well. */
export function timeSince(since: Since, now: number): number {
  return 'at' in since ? since.at : now - since.ago;
}
