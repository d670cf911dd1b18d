import { describe, expect, it } from 'vitest';
import { cadenceOf, latenessOf, SHORTEST_CADENCE } from '#core/signals/cadence.ts';
import { completion, DAY, HOUR, hourly, MINUTE, START } from '#test/support/job-histories.ts';

/** Completions so many hours after each other. */
function spaced(intervals: readonly number[], jobId = 'a', from = 0) {
  const times = [from];
  for (const interval of intervals) times.push((times.at(-1) ?? from) + interval);
  return times.map((at) => completion(at, { jobId }));
}

describe('The cadence of a job', () => {
  it('is the usual interval of its checkpoints', () => {
    expect(cadenceOf({ completions: spaced([1, 1.1, 0.9, 1, 1.05]) })).toBe(1.05 * HOUR);
    expect(cadenceOf({ completions: spaced([1, 1, 1, 1]) })).toBe(HOUR);
  });

  it('is not known before two intervals are', () => {
    expect(cadenceOf({ completions: [] })).toBeNull();
    expect(cadenceOf({ completions: spaced([]) })).toBeNull();
    expect(cadenceOf({ completions: spaced([1]) })).toBeNull();
    expect(cadenceOf({ completions: spaced([1, 2]) })).toBe(2 * HOUR);
  });

  it('does not see savepoints', () => {
    const completions = [
      ...spaced([1, 1, 1, 1]),
      completion(4.1, { jobId: 'a', savepoint: true }),
      completion(5, { jobId: 'a' }),
    ];
    expect(cadenceOf({ completions })).toBe(HOUR);
  });

  it('forgets the gap of one restart with the next checkpoint', () => {
    expect(cadenceOf({ completions: spaced([1, 1, 1, 1, 1, 20]) })).toBe(3 * HOUR);
    expect(cadenceOf({ completions: spaced([1, 1, 1, 1, 1, 20, 1]) })).toBe(HOUR);
  });

  it('follows a longer interval of the same submission from the second one on', () => {
    const hours = hourly(24, () => 1);
    expect(cadenceOf({ completions: spaced([...hours, 6]) })).toBe(3 * HOUR);
    expect(cadenceOf({ completions: spaced([...hours, 6, 6]) })).toBe(6 * HOUR);
    expect(cadenceOf({ completions: spaced([...hours, 6, 6, 6]) })).toBe(6 * HOUR);
  });

  it('follows a shorter interval when most of the last nine are short', () => {
    expect(cadenceOf({ completions: spaced([6, 6, 6, 6, 6, 1, 1, 1, 1]) })).toBe(6 * HOUR);
    expect(cadenceOf({ completions: spaced([6, 6, 6, 6, 6, 1, 1, 1, 1, 1]) })).toBe(HOUR);
  });

  it('waits with patience for what a new submission brings', () => {
    const before = spaced([1, 1, 1, 1], 'a');
    expect(cadenceOf({ completions: [...before, ...spaced([], 'b', 5)] })).toBe(3 * HOUR);
    expect(cadenceOf({ completions: [...before, ...spaced([6], 'b', 5)] })).toBe(6 * HOUR);
    expect(cadenceOf({ completions: [...before, ...spaced([0.1], 'b', 5)] })).toBe(HOUR);
    expect(cadenceOf({ completions: [...before, ...spaced([0.5, 0.5, 0.5], 'b', 5)] })).toBe(0.5 * HOUR);
  });

  it('is that of the last submission that had one where each crashes after its first checkpoint', () => {
    const completions = [...spaced([1, 1, 1, 1], 'a'), ...spaced([], 'b', 5), ...spaced([], 'c', 6)];
    expect(cadenceOf({ completions })).toBe(3 * HOUR);
  });

  it('is not known of a first submission that crashed at once', () => {
    expect(cadenceOf({ completions: [...spaced([], 'a'), ...spaced([], 'b', 1)] })).toBeNull();
  });
});

describe('The lateness of a job', () => {
  it('is the age of its newest checkpoint in its own intervals', () => {
    const history = { completions: spaced([1, 1, 1, 1]) };
    expect(latenessOf(history, START + 4 * HOUR)).toBe(0);
    expect(latenessOf(history, START + 7 * HOUR)).toBe(3);
    expect(latenessOf({ completions: spaced([24, 24, 24]) }, START + 6 * DAY)).toBe(3);
  });

  it('is not made smaller by a savepoint', () => {
    const completions = [...spaced([1, 1, 1, 1]), completion(7, { jobId: 'a', savepoint: true })];
    expect(latenessOf({ completions }, START + 7 * HOUR)).toBe(3);
  });

  it('is not known before the cadence is, nor of savepoints alone', () => {
    expect(latenessOf({ completions: [] }, START)).toBeNull();
    expect(latenessOf({ completions: spaced([1]) }, START + DAY)).toBeNull();
    const completions = spaced([1, 1, 1]).map((one) => ({ ...one, savepoint: true }));
    expect(latenessOf({ completions }, START + DAY)).toBeNull();
  });

  it('does not count seconds', () => {
    const completions = hourly(100, (second) => completion(second / 3600));
    const newest = completions.at(-1)?.completed ?? 0;
    expect(cadenceOf({ completions })).toBeCloseTo(1000);
    expect(latenessOf({ completions }, newest + 15 * MINUTE)).toBe((15 * MINUTE) / SHORTEST_CADENCE);
  });

  it('is none where the clocks differ', () => {
    expect(latenessOf({ completions: spaced([1, 1, 1]) }, START)).toBe(0);
  });
});
