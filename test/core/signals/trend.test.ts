import { describe, expect, it } from 'vitest';
import { SMALL_STATE } from '#core/signals/jump.ts';
import { budgetOf, daysToBudgetOf, floorsOf, growthOf, totalsOf } from '#core/signals/trend.ts';
import { completion, DAY, GIB, HOUR, historyOf, hourly, measure, START } from '#test/support/job-histories.ts';

/** Surveys each hour of so many days, of a total that depends on the day. */
function measuredDays(days: number, gibOf: (day: number) => number) {
  const measures = hourly(days * 24 + 1, (hour) => measure(hour, { live: gibOf(hour / 24) * GIB }));
  return { history: historyOf({ measures }), now: START + days * DAY };
}

describe('The floors of a job', () => {
  it('are the least of a day each, six hours apart, over four days', () => {
    // A sawtooth of six hours upon a line.
    const { history, now } = measuredDays(10, (day) => 10 + Math.floor(day) + ((day * 24) % 6));
    const floors = floorsOf(totalsOf(history), now);
    expect(floors).toHaveLength(17);
    expect(floors[0]).toEqual({ at: now - 4 * DAY, value: 15 * GIB });
    expect(floors.at(-1)).toEqual({ at: now, value: 19 * GIB });
  });

  it('are left out where the day before them is not known', () => {
    const { history, now } = measuredDays(2, () => 10);
    // Within six hours of a whole day is whole enough.
    expect(floorsOf(totalsOf(history), now).map(({ at }) => (now - at) / HOUR)).toEqual([30, 24, 18, 12, 6, 0]);
    expect(floorsOf([], now)).toEqual([]);
  });

  it('are left out where nobody looked for a day', () => {
    const measures = [...hourly(96, (hour) => measure(hour)), ...hourly(25, (hour) => measure(144 + hour))];
    const floors = floorsOf(totalsOf(historyOf({ measures })), START + 7 * DAY);
    expect(floors.map(({ at }) => (at - START) / HOUR)).toEqual([
      72, 78, 84, 90, 96, 102, 108, 114, 144, 150, 156, 162, 168,
    ]);
  });
});

describe('Growth', () => {
  it('is told per day', () => {
    const { history, now } = measuredDays(10, (day) => 10 + 2 * day);
    expect(growthOf(totalsOf(history), now)).toBeCloseTo(2 * GIB);
  });

  it('is not known before two days of floors are', () => {
    const { history, now } = measuredDays(2.5, (day) => 10 + day);
    expect(growthOf(totalsOf(history), now)).toBeNull();
    const later = measuredDays(2.75, (day) => 10 + day);
    expect(growthOf(totalsOf(later.history), later.now)).toBeCloseTo(GIB);
  });

  it('is that of the checkpoints where no survey measured the job', () => {
    const completions = hourly(240, (hour) => completion(hour, { bytes: GIB * (hour / 24) }));
    expect(growthOf(totalsOf(historyOf({ completions })), START + 10 * DAY)).toBeCloseTo(GIB);
  });
});

describe('The budget', () => {
  it('is what was configured', () => {
    expect(budgetOf(historyOf(), 7, START)).toEqual({ bytes: 7, assumed: false });
  });

  it('is assumed as five times the median of the first three days, once they are over', () => {
    const { history } = measuredDays(9, (day) => (day < 3 ? 10 : 30));
    expect(budgetOf(history, null, START + 3 * DAY - 1)).toBeNull();
    expect(budgetOf(history, null, START + 3 * DAY)).toEqual({ bytes: 50 * GIB, assumed: true });
    expect(budgetOf(historyOf(), null, START)).toBeNull();
  });

  it('is not assumed to be tiny', () => {
    const { history, now } = measuredDays(4, () => 1 / 1024);
    expect(budgetOf(history, null, now)).toEqual({ bytes: 5 * SMALL_STATE, assumed: true });
  });
});

describe('Days to the budget', () => {
  const configured = (gib: number) => ({ bytes: gib * GIB, assumed: false });

  it('are what is left over the growth', () => {
    const { history, now } = measuredDays(10, (day) => 10 + 2 * day);
    // The floor is of a day ago.
    expect(daysToBudgetOf(history, configured(48), now)).toBeCloseTo(10, 0);
  });

  it('are not known of a job that does not grow, without a budget, and without a floor', () => {
    const flat = measuredDays(10, () => 10);
    expect(daysToBudgetOf(flat.history, configured(48), flat.now)).toBeNull();
    const grows = measuredDays(10, (day) => 10 + day);
    expect(daysToBudgetOf(grows.history, null, grows.now)).toBeNull();
    expect(daysToBudgetOf(historyOf(), configured(48), START)).toBeNull();
    const young = measuredDays(2, (day) => 10 + day);
    expect(daysToBudgetOf(young.history, configured(48), young.now)).toBeNull();
  });

  it('are none where the budget is reached', () => {
    const { history, now } = measuredDays(10, () => 10);
    expect(daysToBudgetOf(history, configured(10), now)).toBe(0);
    expect(daysToBudgetOf(history, configured(9), now)).toBe(0);
  });

  it('are not known where a job has come to rest above a budget that nobody set', () => {
    const rests = measuredDays(10, (day) => (day < 3 ? 10 : 60));
    expect(daysToBudgetOf(rests.history, budgetOf(rests.history, null, rests.now), rests.now)).toBeNull();
    const grows = measuredDays(10, (day) => (day < 3 ? 10 : 60 + day));
    expect(daysToBudgetOf(grows.history, budgetOf(grows.history, null, grows.now), grows.now)).toBe(0);
  });

  it('do not take a step for growth that goes on', () => {
    // Two and a half days ago: of the floors of four days, most pairs have the step between them.
    const { history, now } = measuredDays(10, (day) => (day < 7.25 ? 10 : 15));
    expect(growthOf(totalsOf(history), now)).toBeGreaterThan(0);
    expect(daysToBudgetOf(history, configured(20), now)).toBeNull();
  });

  it('are not known where nobody had looked a day ago', () => {
    const { history } = measuredDays(10, (day) => 10 + day);
    const last = START + 10 * DAY;
    const measures = history.measures.filter(({ at }) => at <= last - 3 * DAY || at > last - 12 * HOUR);
    expect(daysToBudgetOf({ ...history, measures }, configured(40), last)).toBeNull();
  });
});
