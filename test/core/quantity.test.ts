import { describe, expect, it } from 'vitest';
import { ago, bytes, count, duration, moment, money } from '#core/quantity.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('Numbers for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [99_900, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1.5e12, '1.5 TB'],
    [2e18, '2000 PB'],
  ])('are sizes in decimal units: %d', (amount, text) => {
    expect(bytes(amount)).toBe(text);
  });

  it('count one, and many', () => {
    expect([count(1, 'job'), count(1_234, 'job'), count(2, 'day is', 'days are')]).toEqual([
      '1 job',
      '1,234 jobs',
      '2 days are',
    ]);
  });

  it('tell a moment to the second', () => {
    expect(moment('2026-11-22T06:32:51.123Z')).toBe('2026-11-22 06:32:51 UTC');
  });
});

describe('ago', () => {
  it.each([
    [-1, '0 s ago'],
    [119_999, '119 s ago'],
    [120_000, '2 min ago'],
    [7_199_999, '119 min ago'],
    [7_200_000, '2 h ago'],
    [172_800_000, '2 d ago'],
  ])('names the largest unit of which there are two: %i', (milliseconds, expected) => {
    expect(ago(milliseconds)).toBe(expected);
  });
});

describe('duration', () => {
  it.each([
    [-5, '0 s'],
    [999, '1 s'],
    [60_000, '1 min'],
    [HOUR + 61_000, '1 h 1 min'],
    [3 * DAY + 4 * HOUR + 59_000, '3 d 4 h'],
    [DAY + 59_000, '1 d'],
  ])('says of %i milliseconds: %s', (milliseconds, expected) => {
    expect(duration(milliseconds)).toBe(expected);
  });
});

describe('An amount of money', () => {
  it.each([
    [0, '$0'],
    [0.0001, 'under 1 cent'],
    [0.01, '$0.01'],
    [12.4, '$12.40'],
    [99.99, '$99.99'],
    [123.456, '$123'],
    [1_240.5, '$1,241'],
  ])('of %d is %s', (amount, text) => {
    expect(money(amount, 'USD')).toBe(text);
  });

  it.each([
    [0.001, 'under 0.01 EUR'],
    [12.4, '12.40 EUR'],
  ])('of %d in another currency is %s', (amount, text) => {
    expect(money(amount, 'EUR')).toBe(text);
  });
});
