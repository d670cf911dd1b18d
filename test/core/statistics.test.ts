import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, theilSen } from '#core/statistics.ts';

describe('median', () => {
  it('is the middle one, or between the two in the middle', () => {
    expect(median([])).toBeNull();
    expect(median([7])).toBe(7);
    expect(median([10, 9, 1])).toBe(9);
    expect(median([10, 1, 2, 100])).toBe(6);
  });
});

describe('theilSen', () => {
  it('needs two points', () => {
    expect(theilSen([])).toBeNull();
    expect(theilSen([{ at: 1, value: 1 }])).toBeNull();
  });

  it('is the slope of a line, whatever a fifth of its points are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: -1e6, max: 1e6 }),
        (slope, place, outlier) => {
          const points = [0, 1, 2, 3, 4].map((at) => ({ at, value: at === place ? outlier : 3 + slope * at }));
          const found = theilSen([...points, { at: 5, value: 3 + 5 * slope }, { at: 6, value: 3 + 6 * slope }]);
          return found === slope;
        },
      ),
      { seed: 11 },
    );
  });
});
