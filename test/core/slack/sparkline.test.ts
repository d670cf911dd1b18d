import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparkline } from '#core/slack/sparkline.ts';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

function hourly(...values: readonly (number | null)[]) {
  return values.flatMap((value, at) => (value === null ? [] : [{ at: NOW - (values.length - 1 - at) * HOUR, value }]));
}

describe('A row of bars', () => {
  it('is as high as the values, the lowest to the highest', () => {
    expect(sparkline(hourly(0, 1, 2, 3, 4, 5, 6, 7), NOW, 8 * HOUR, 8)).toBe('▁▂▃▄▅▆▇█');
  });

  it('has a dot where there is no value', () => {
    expect(sparkline(hourly(10, null, null, 20), NOW, 4 * HOUR, 4)).toBe('▁··█');
  });

  it('takes the highest of the values of one time, in any order', () => {
    const samples = [...hourly(1, 2), { at: NOW - 1, value: 9 }, { at: NOW - 2, value: 3 }];
    expect(sparkline(samples, NOW, 2 * HOUR, 2)).toBe('▁█');
  });

  it('draws noise as a level line, zeros too', () => {
    expect(sparkline(hourly(100, 105), NOW, 2 * HOUR, 2)).toBe('▄▄');
    expect(sparkline(hourly(94, 100), NOW, 2 * HOUR, 2)).toBe('▁█');
    expect(sparkline(hourly(0, 0), NOW, 2 * HOUR, 2)).toBe('▄▄');
  });

  it('leaves out what is older, in the future, or no number', () => {
    const samples = [
      { at: NOW - 2 * HOUR, value: 1_000 },
      { at: NOW + 1, value: 1_000 },
      { at: NOW, value: Number.NaN },
      ...hourly(1, 2),
    ];
    expect(sparkline(samples, NOW, 2 * HOUR, 2)).toBe('▁█');
  });

  it('is none where there is only one time to show', () => {
    expect(sparkline(hourly(7), NOW, 8 * HOUR, 8)).toBeNull();
    expect(sparkline([], NOW, 8 * HOUR, 8)).toBeNull();
  });

  it('has always as many bars as asked for', () => {
    const samples = fc.array(fc.record({ at: fc.integer({ min: 0, max: NOW }), value: fc.double() }));
    fc.assert(
      fc.property(samples, fc.integer({ min: 2, max: 30 }), (some, bars) => {
        const row = sparkline(some, NOW, NOW, bars);
        expect(row === null || /^[▁▂▃▄▅▆▇█·]+$/.test(row)).toBe(true);
        expect([bars, undefined]).toContain(row?.length);
      }),
      { seed: 2 },
    );
  });
});
