import { describe, expect, it } from 'vitest';
import { CAUSE_SENTENCES, causeOfGrowth, spreadOf } from '#core/signals/causes.ts';
import type { Measure } from '#core/signals/job-history.ts';
import { completion, DAY, GIB, historyOf, hourly, measure, START } from '#test/support/job-histories.ts';

const NOW = START + 8 * DAY;

/** Eight days, of checkpoints and surveys that depend on the day. */
function days(stateOf: (day: number) => number, seenOf: (day: number) => Partial<Measure>) {
  return historyOf({
    completions: hourly(192, (hour) => completion(hour, { bytes: stateOf(hour / 24) * GIB })),
    measures: hourly(193, (hour) => measure(hour, seenOf(hour / 24))),
  });
}

describe('The cause of growth', () => {
  it('is the state where the newest checkpoint grows', () => {
    const found = causeOfGrowth(
      days(
        (day) => 10 + day,
        (day) => ({ live: (12 + day) * GIB }),
      ),
      NOW,
    );
    expect(found?.cause).toBe('state');
    expect(found?.bytesPerDay).toBeCloseTo(GIB);
  });

  it('is the state where there are checkpoints alone', () => {
    const history = historyOf({ completions: hourly(192, (hour) => completion(hour, { bytes: GIB + hour * 1000 })) });
    expect(causeOfGrowth(history, NOW)?.cause).toBe('state');
  });

  it('is what is kept where live bytes grow and the newest checkpoint does not', () => {
    const found = causeOfGrowth(
      days(
        () => 10,
        (day) => ({ live: (10 + 10 * day) * GIB, roots: Math.round(day) }),
      ),
      NOW,
    );
    expect(found?.cause).toBe('pile-up');
    expect(found?.bytesPerDay).toBeCloseTo(10 * GIB);
  });

  it('is new garbage where what waits in quarantine grows', () => {
    const found = causeOfGrowth(
      days(
        () => 10,
        (day) => ({ live: 10 * GIB, reclaimable: (2 * day + 1) * GIB, quarantined: 2 * day * GIB }),
      ),
      NOW,
    );
    expect(found?.cause).toBe('new-garbage');
  });

  it('is uncollected garbage where what could go grows', () => {
    const found = causeOfGrowth(
      days(
        () => 10,
        (day) => ({ live: 10 * GIB, reclaimable: (2 * day + 1) * GIB, quarantined: GIB }),
      ),
      NOW,
    );
    expect(found?.cause).toBe('uncollected-garbage');
  });

  it('is another where neither state nor garbage grows', () => {
    const found = causeOfGrowth(
      days(
        () => 10,
        (day) => ({ live: 10 * GIB, unknown: day * GIB }),
      ),
      NOW,
    );
    expect(found?.cause).toBe('other');
  });

  it('is the largest of several', () => {
    const both = (state: number, garbage: number) =>
      causeOfGrowth(
        days(
          (day) => 10 + state * day,
          (day) => ({ live: (10 + state * day) * GIB, reclaimable: garbage * day * GIB }),
        ),
        NOW,
      )?.cause;
    expect(both(2, 1)).toBe('state');
    expect(both(1, 2)).toBe('uncollected-garbage');
  });

  it('is none of a job that does not grow, or is not known', () => {
    expect(
      causeOfGrowth(
        days(
          () => 10,
          () => ({}),
        ),
        NOW,
      ),
    ).toBeNull();
    expect(causeOfGrowth(historyOf(), NOW)).toBeNull();
  });

  it('has a sentence for people, whichever it is', () => {
    for (const sentence of Object.values(CAUSE_SENTENCES)) expect(sentence).toMatch(/^[A-Z].*: .*\.$/);
  });
});

describe('Growth over the fleet', () => {
  it.each([
    [0, 5, 'none'],
    [1, 5, 'one'],
    [1, 1, 'one'],
    [2, 2, 'some'],
    [3, 4, 'some'],
    [3, 3, 'all'],
    [4, 5, 'all'],
    [79, 100, 'some'],
    [80, 100, 'all'],
  ] as const)('of %d jobs among %d is of %s', (growing, running, expected) => {
    expect(spreadOf(growing, running)).toBe(expected);
  });
});
