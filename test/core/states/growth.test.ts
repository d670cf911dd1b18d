import { describe, expect, it } from 'vitest';
import { growthPerDay, withNewest } from '#core/states/growth.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('the growth of a state', () => {
  it('is what it grows by a day, whatever one look says', () => {
    const values = [100, 110, 120, 900, 140, 150];

    expect(growthPerDay(values.map((value, day) => ({ at: day * DAY, value })))).toBeCloseTo(10);
  });

  it('is not known from looks within a day, or from none', () => {
    expect(growthPerDay([])).toBeNull();
    expect(growthPerDay([{ at: 5, value: 1 }])).toBeNull();
    expect(growthPerDay([0, 23].map((hour) => ({ at: hour * HOUR, value: hour })))).toBeNull();
  });

  it('is that of the last two weeks', () => {
    const before = [0, 1, 2].map((day) => ({ at: day * DAY, value: day * 1_000 }));
    const since = [20, 21, 22].map((day) => ({ at: day * DAY, value: 5_000 }));

    expect(growthPerDay([...before, ...since])).toBe(0);
  });
});

describe('the looks that are kept', () => {
  it('are one in six hours at most, and the newest', () => {
    let looks: readonly { readonly at: number }[] = [];
    for (let hour = 0; hour <= 14; hour += 1) looks = withNewest(looks, { at: hour * HOUR });

    expect(looks.map(({ at }) => at / HOUR)).toEqual([0, 6, 12, 14]);
  });

  it('are of different roots', () => {
    expect(withNewest([{ at: 1 }, { at: 2 }], { at: 2 })).toEqual([{ at: 1 }, { at: 2 }]);
  });

  it('are the last sixty', () => {
    let looks: readonly { readonly at: number }[] = [];
    for (let day = 1; day <= 100; day += 1) looks = withNewest(looks, { at: day * DAY });

    expect([looks.length, looks.at(0)?.at]).toEqual([60, 41 * DAY]);
  });
});
