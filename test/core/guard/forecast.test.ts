import { describe, expect, it } from 'vitest';
import { forecastLoss } from '#core/guard/forecast.ts';
import { archive, at, DAY, expiry, filter } from '#test/core/lifecycle/samples.ts';

const NOON = at('2026-11-30T12:00:00Z');
const MIDNIGHT = at('2026-12-01T00:00:00Z');
const left = (key: string, age: number) => ({ key, bytes: 10, modified: NOON - age });

describe('What a rule takes next', () => {
  it('is told of what is due now, and of what becomes due within a day', () => {
    const files = [
      left('flink/a', 8 * DAY),
      left('flink/b', 6.8 * DAY),
      left('flink/c', 6.7 * DAY),
      left('flink/d', DAY),
    ];

    expect(forecastLoss([expiry(7)], { files, ofAll: true }, NOON)).toEqual({
      due: 1,
      soon: 2,
      from: MIDNIGHT,
      atLeast: false,
    });
  });

  it('is told of the rule that comes first, and of no other key', () => {
    const rules = [expiry(30), expiry(7, { filter: filter({ prefix: 'flink/' }) }), archive('GLACIER', 1)];

    const files = [left('flink/a', 8 * DAY), left('logs/b', 8 * DAY)];

    expect(forecastLoss(rules, { files, ofAll: false }, NOON)).toEqual({
      due: 1,
      soon: 0,
      from: null,
      atLeast: true,
    });
  });

  it('is nothing where no rule is left', () => {
    expect(forecastLoss([], { files: [left('flink/a', 8 * DAY)], ofAll: true }, NOON)).toMatchObject({
      due: 0,
      soon: 0,
    });
  });
});
