import { describe, expect, it } from 'vitest';
import * as format from '#report/page/format.ts';

const DAY = 86_400_000;

describe('What the page prints', () => {
  it.each([
    [0, '0\u00a0B'],
    [1_234_000, '1.2\u00a0MB'],
    [-2_500, '\u22122.5\u00a0kB'],
  ])('the size %i', (bytes, text) => {
    expect(format.size(bytes)).toBe(text);
  });

  it.each([
    [0, '0\u00a0%'],
    [0.0004, '<\u200a0.1\u00a0%'],
    [0.077, '7.7\u00a0%'],
    [0.86, '86\u00a0%'],
  ])('the share %d', (share, text) => {
    expect(format.percent(share)).toBe(text);
  });

  it.each([
    [-1, 'in the future'],
    [1_999, '1\u00a0s'],
    [120_000, '2\u00a0min'],
    [2 * 3_600_000, '2\u00a0h'],
    [47 * 3_600_000, '47\u00a0h'],
    [2 * DAY, '2\u00a0d'],
    [1_500 * DAY, '1,500\u00a0d'],
  ])('the duration %i', (milliseconds, text) => {
    expect(format.duration(milliseconds)).toBe(text);
  });

  it.each([
    [0, '$0'],
    [0.004, 'under\u00a01\u00a0cent'],
    [7.5, '$7.50'],
    [12_345.6, '$12,346'],
  ])('the amount %d', (amount, text) => {
    expect(format.money(amount, 'USD')).toBe(text);
  });

  it('amounts of another currency with its name', () => {
    expect(format.money(7.5, 'EUR')).toBe('7.50\u00a0EUR');
  });

  it('names with what nobody could see in them', () => {
    expect(format.shown('a\u202eb\u200bc\ud800')).toBe('a\\u202eb\\u200bc\\ud800');
    expect(format.shown('Bestellungen – 注文')).toBe('Bestellungen – 注文');
  });

  it('long names without their middle', () => {
    expect(format.shorten('abcdefghij', 10)).toBe('abcdefghij');
    expect(format.shorten('abcdefghijk', 7)).toBe('abc…ijk');
  });
});
