import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Completion, JobHistory, Measure } from '#core/signals/job-history.ts';
import { emptyHistory, RECENT_COMPLETIONS, thinned, withCompletions, withMeasure } from '#core/signals/remember.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The beginning of an hour, of a day and of six hours. */
const START = Date.UTC(2027, 0, 1);
const JOB = 'a'.repeat(32);

function completion(completed: number, more: Partial<Completion> = {}): Completion {
  return { completed, jobId: JOB, checkpointId: '1', savepoint: false, bytes: 10, incrementBytes: null, ...more };
}

function measure(at: number, total = 1): Measure {
  return {
    at,
    live: total,
    reclaimable: 0,
    quarantined: 0,
    unknown: 0,
    total,
    roots: 1,
    restorePoints: 1,
    damagedRoots: 0,
    costPerMonth: null,
  };
}

function withMeasures(history: JobHistory, times: readonly number[]): JobHistory {
  return times.reduce((grown, at) => withMeasure(grown, measure(at)), history);
}

const anyCompletion = fc.record({
  completed: fc.integer({ min: 0, max: 5 }).map((hours) => START + hours * HOUR),
  jobId: fc.constantFrom(JOB, 'b'.repeat(32), null),
  checkpointId: fc.constantFrom('9', '10', null),
  savepoint: fc.constant(false),
  bytes: fc.constantFrom(null, 5, 7),
  incrementBytes: fc.constantFrom(null, 1),
});

describe('the history of a job', () => {
  it('is the same in whatever order and however often its completions are heard of', () => {
    fc.assert(
      fc.property(fc.array(anyCompletion), fc.array(anyCompletion), (some, others) => {
        const inOrder = withCompletions(withCompletions(emptyHistory('a'), some), others);
        const reversed = withCompletions(emptyHistory('a'), [...others, ...some, ...others].toReversed());
        expect(reversed).toEqual(inOrder);
      }),
      { seed: 20270101 },
    );
  });

  it('is what it was where nothing was heard', () => {
    const history = emptyHistory('a');
    expect(withCompletions(history, [])).toBe(history);
  });

  it('keeps of one checkpoint all that anybody knew', () => {
    const heard = completion(START, { bytes: null });
    const seen = completion(START, { incrementBytes: 3 });
    expect(withCompletions(emptyHistory('a'), [heard, seen]).completions).toEqual([
      completion(START, { incrementBytes: 3 }),
    ]);
  });

  it('takes a checkpoint of the same id and another time for another one', () => {
    expect(withCompletions(emptyHistory('a'), [completion(START), completion(START + 1)]).completions).toHaveLength(2);
  });

  it('has one measure of a moment, the one that came last', () => {
    const history = withMeasure(withMeasure(emptyHistory('a'), measure(START)), measure(START, 2));
    expect(withMeasure(history, measure(START - 1)).measures).toEqual([measure(START - 1), measure(START, 2)]);
  });

  it('keeps the newest completions, of a week the last of each hour, and of a quarter the last of each day', () => {
    // Prepare
    const now = START + 200 * DAY;
    const everyTenMinutes = Array.from({ length: 200 * 144 }, (_, at) => completion(START + at * 600_000));

    // Act
    const { completions } = thinned(withCompletions(emptyHistory('a'), everyTenMinutes), now);

    // Assess
    const newest = everyTenMinutes.slice(-RECENT_COMPLETIONS);
    const [oldestOfNewest = completion(0)] = newest;
    const times = completions.map(({ completed }) => completed);
    expect(completions.slice(-RECENT_COMPLETIONS)).toEqual(newest);
    const hourly = times.filter((time) => time >= now - 8 * DAY && time < oldestOfNewest.completed);
    expect(hourly.slice(0, -1).every((time) => (time + 600_000) % HOUR === 0)).toBe(true);
    expect(hourly).toHaveLength(182);
    expect(times.filter((time) => time < now - 8 * DAY)).toHaveLength(82);
    expect(Math.min(...times)).toBe(now - 90 * DAY + DAY - 600_000);
  });

  it('keeps of the measures hours for a week, then quarters of days, then days, and the beginning for good', () => {
    // Prepare
    const now = START + 500 * DAY;
    const hourly = Array.from({ length: 500 * 24 }, (_, at) => START + at * HOUR);

    // Act
    const { measures } = thinned(withMeasuresOf(hourly), now);

    // Assess
    const between = (from: number, to: number) =>
      measures.filter(({ at }) => at >= now - from * DAY && at < now - to * DAY).length;
    expect(between(8, 0)).toBe(192);
    expect(between(35, 8)).toBe(27 * 4);
    expect(between(400, 35)).toBe(365);
    expect(between(500, 400)).toBe(12);
  });

  it('keeps each hour of a job that has just begun', () => {
    const history = withMeasures(emptyHistory('a'), [START, START + HOUR, START + 2 * HOUR]);
    expect(thinned(history, START + 2 * HOUR)).toEqual(history);
  });

  it('is not changed by being thinned twice', () => {
    const now = START + 40 * DAY;
    const history = withMeasures(
      emptyHistory('a'),
      Array.from({ length: 200 }, (_, at) => START + at * 5 * HOUR),
    );
    const once = thinned(history, now);
    expect(thinned(once, now)).toEqual(once);
    expect(thinned(emptyHistory('a'), now)).toEqual(emptyHistory('a'));
  });
});

/** At once: one by one they take long. */
function withMeasuresOf(times: readonly number[]): JobHistory {
  return { ...emptyHistory('a'), measures: times.map((at) => measure(at)) };
}
