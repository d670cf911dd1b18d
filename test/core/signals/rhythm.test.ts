import { describe, expect, it } from 'vitest';
import { sayRhythm } from '#core/signals/rhythm.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('How often a job completes a checkpoint', () => {
  it.each([
    [10 * MINUTE, 7 * 144, 'every 10 min, last one 7 d ago'],
    [90_000, 0, 'every 90 s, last one 0 s ago'],
    [2 * HOUR, 1.5, 'every 2 h, last one 3 h ago'],
    [2 * DAY, 0.5, 'every 2 d, last one 24 h ago'],
  ])('is said with the age of the last one: every %i ms, %f intervals ago', (cadence, lateness, said) => {
    expect(sayRhythm({ cadence, lateness })).toBe(said);
  });

  it('counts the age from the shortest interval that is judged, as lateness does', () => {
    // A checkpoint every 2 seconds, and the last one 2086.8 times five minutes ago.
    expect(sayRhythm({ cadence: 2_000, lateness: 2086.8 })).toBe('every 2 s, last one 7 d ago');
  });

  it('is said as far as it is known', () => {
    expect(sayRhythm({ cadence: HOUR, lateness: null })).toBe('every 60 min');
    expect(sayRhythm({ cadence: null, lateness: null })).toBeNull();
  });
});
