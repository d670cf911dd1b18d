import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '#core/signals/alarms.ts';
import { type JobEvents, type JobReplay, replayJob, spanOf, spreadOfAlarms } from '#core/signals/replay.ts';
import { completion, DAY, GIB, HOUR, hourly, MINUTE, measure, START } from '#test/support/job-histories.ts';

const SETTINGS = { thresholds: DEFAULT_THRESHOLDS, budgets: {}, deadAfter: 14 * DAY };

function events(rest: Partial<JobEvents> = {}): JobEvents {
  return { job: 'orders', completions: [], measures: [], ends: [], ...rest };
}

function told(its: JobEvents, hours: number, rest: object = {}): JobReplay {
  return replayJob(its, { ...SETTINGS, until: START + hours * HOUR, ...rest });
}

/** Alarm, hours from the start to when it fired, and to when it recovered. */
function episodesOf({ episodes }: JobReplay) {
  return episodes.map(({ alarm, fired, recovered }) => [
    alarm,
    (fired - START) / HOUR,
    recovered === null ? null : (recovered - START) / HOUR,
  ]);
}

describe('A replayed history', () => {
  it('of nothing is quiet', () => {
    expect(told(events(), 5)).toMatchObject({ job: 'orders', episodes: [], ended: true });
  });

  it('fires at the full hour at which a checkpoint is late, and recovers with the next one', () => {
    const completions = [...hourly(10, (hour) => completion(hour + 0.25)), completion(15.5)];
    expect(episodesOf(told(events({ completions }), 16))).toEqual([['late-checkpoint', 13, 15.5]]);
  });

  it('still holds what nothing has ended', () => {
    const replay = told(events({ completions: hourly(10, (hour) => completion(hour)) }), 12.5);
    expect(episodesOf(replay)).toEqual([['late-checkpoint', 12.5, null]]);
    expect(replay.gauges.Lateness).toBe(3.5);
    expect(replay.episodes[0]).toEqual({
      alarm: 'late-checkpoint',
      fired: START + 12.5 * HOUR,
      recovered: null,
      value: 3.5,
      threshold: 3,
      cause: null,
      budget: null,
    });
  });

  it('tells of a jump with the second checkpoint', () => {
    const completions = hourly(180, (hour) => completion(hour, { bytes: hour < 170 ? GIB : 4 * GIB }));
    expect(episodesOf(told(events({ completions }), 179))).toEqual([['size-jump', 171, null]]);
  });

  it('tells of a budget only when it has been near for an hour, and why', () => {
    const measures = hourly(24 * 9, (hour) => measure(hour, { live: (10 + Math.max(0, hour - 72)) * GIB }));
    const { episodes } = told(events({ measures }), 24 * 9, { budgets: { orders: 300 * GIB } });
    expect(episodes).toMatchObject([{ alarm: 'budget', cause: 'pile-up', budget: { assumed: false } }]);
    const [first] = episodes;
    const sooner = told(events({ measures }), ((first?.fired ?? 0) - START) / HOUR - 1, {
      budgets: { orders: 300 * GIB },
    });
    expect(sooner.episodes).toEqual([]);
    expect(sooner.gauges.DaysToBudget).toBeLessThan(14);
  });

  it('tells of a damaged newest checkpoint when a second survey has found it', () => {
    const measures = [
      measure(0, { newestDamaged: true }),
      measure(1),
      measure(2, { newestDamaged: true }),
      // Heard twice, and found once.
      measure(2, { newestDamaged: true }),
      measure(3, { newestDamaged: true }),
      measure(5),
    ];
    expect(episodesOf(told(events({ measures }), 6))).toEqual([['damaged-newest', 3, 5]]);
  });

  it('tells of a job that has lost its restore points', () => {
    const measures = [measure(0), measure(1, { restorePoints: 0 }), measure(4)];
    expect(episodesOf(told(events({ measures }), 6))).toEqual([['no-restore-point', 2, 4]]);
  });

  it('is quiet once the job has ended, until it begins anew', () => {
    const completions = hourly(10, (hour) => completion(hour));
    const ended = told(events({ completions, ends: [START + 9.5 * HOUR] }), 400);
    expect(ended).toMatchObject({ episodes: [], ended: true });
    const anew = hourly(4, (hour) => completion(100 + hour, { jobId: 'b' }));
    const replay = told(events({ completions: [...completions, ...anew], ends: [START + 9.5 * HOUR] }), 108);
    expect(replay.ended).toBe(false);
    expect(episodesOf(replay)).toEqual([['late-checkpoint', 107, null]]);
  });

  it('takes a job that does nothing for long for ended', () => {
    const completions = hourly(10, (hour) => completion(hour));
    const measures = [measure(8), measure(200, { live: 9 * GIB }), measure(300, { live: 10 * GIB }), measure(301)];
    expect(episodesOf(told(events({ completions }), 500))).toEqual([['late-checkpoint', 13, 9 + 14 * 24 + 1]]);
    // A total that grew is a sign of life.
    expect(episodesOf(told(events({ completions, measures }), 2000))).toEqual([
      ['late-checkpoint', 13, 300 + 14 * 24 + 1],
    ]);
  });

  it('does not know what comes after its end', () => {
    const completions = hourly(20, (hour) => completion(hour));
    const later = events({
      completions: [...completions, completion(900)],
      measures: [measure(901, { restorePoints: 0 })],
      ends: [START + 902 * HOUR],
    });
    expect(told(later, 19)).toEqual(told(events({ completions }), 19));
  });

  it('is the same where old checkpoints are thinned out', () => {
    const each = hourly(2000, (index) => completion(index / 60, { bytes: GIB }));
    expect(told(events({ completions: each }), 33.25)).toMatchObject({ episodes: [] });
  });

  it('is the same for whatever order and repetition of what was heard', () => {
    const completions = [...hourly(60, (hour) => completion(hour)), ...hourly(6, (hour) => completion(70 + hour))];
    const measures = hourly(80, (hour) => measure(hour, { restorePoints: hour % 20 < 3 ? 0 : 2 }));
    const ends = [START + 65 * HOUR];
    const expected = told(events({ completions, measures, ends }), 90);
    expect(expected.episodes.length).toBeGreaterThan(3);
    const shuffled = <T>(entries: readonly T[]) =>
      fc
        .tuple(
          fc.shuffledSubarray([...entries], { minLength: entries.length }),
          fc.shuffledSubarray([...entries], { maxLength: Math.min(9, entries.length) }),
        )
        .map(([all, again]) => [...all, ...again]);
    fc.assert(
      fc.property(shuffled(completions), shuffled(measures), shuffled(ends), (some, seen, said) => {
        expect(told(events({ completions: some, measures: seen, ends: said }), 90)).toEqual(expected);
      }),
      { numRuns: 20, seed: 8 },
    );
  });

  it('is the same for two surveys of one time, whichever came first', () => {
    const two = [measure(1, { restorePoints: 0 }), measure(1, { restorePoints: 2 })];
    expect(told(events({ measures: two }), 3)).toEqual(told(events({ measures: two.toReversed() }), 3));
  });
});

describe('The spread of an alarm', () => {
  it('tells whether all jobs are concerned', () => {
    const late = told(events({ completions: hourly(10, (hour) => completion(hour)) }), 20);
    const well = told(events({ completions: hourly(10, (hour) => completion(hour)) }), 9);
    expect([...spreadOfAlarms([late, well])]).toEqual([['late-checkpoint', 'one']]);
    expect([...spreadOfAlarms([late, late, late])]).toEqual([['late-checkpoint', 'all']]);
    expect([...spreadOfAlarms([well])]).toEqual([]);
  });
});

describe('The span of events', () => {
  it('is from the first to the last of any kind', () => {
    expect(spanOf([])).toBeNull();
    expect(spanOf([events()])).toBeNull();
    expect(
      spanOf([
        events({ completions: [completion(2)], ends: [START + MINUTE] }),
        events({ measures: [measure(3), measure(1)] }),
      ]),
    ).toEqual({ from: START + MINUTE, until: START + 3 * HOUR });
  });
});
