import { expect, it } from 'vitest';
import { isoTime } from '#core/iso-time.ts';

it('says a time to the millisecond, in UTC', () => {
  expect(isoTime(Date.UTC(2027, 2, 1, 9, 31, 0, 7))).toBe('2027-03-01T09:31:00.007Z');
});

it('refuses what is no time', () => {
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
});
