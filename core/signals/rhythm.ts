import { ago } from '../quantity.ts';
import { SHORTEST_CADENCE } from './cadence.ts';
import type { Outlook } from './outlook.ts';

/**
 * How often a job completes a checkpoint, and when the last one was, in words: `every 10 min, last one 7 d ago`; null
 * where it is not known.
 */
export function sayRhythm({ cadence, lateness }: Pick<Outlook, 'cadence' | 'lateness'>): string | null {
  if (cadence === null) {
    return null;
  }
  const every = `every ${interval(cadence)}`;
  return lateness === null ? every : `${every}, last one ${ago(lateness * Math.max(cadence, SHORTEST_CADENCE))}`;
}

/** `90 s`, `10 min`, `6 h`, `3 d`. */
function interval(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}
