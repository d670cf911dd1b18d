import { describe, expect, it } from 'vitest';
import { isNewer, newestFirst } from '#core/collect/root-order.ts';
import { DIRECTORY, NOW, unreadRoot } from '#test/support/world.ts';

const at = (key: string, completed: number, location = 0) =>
  unreadRoot({ key: `${key}/_metadata`, completed, location });
const chk = (number: number) => `${DIRECTORY}/chk-${number}`;

describe('The order of roots', () => {
  it('is that of their times, whatever their numbers', () => {
    expect(newestFirst(at(chk(1), NOW), at(chk(2), NOW - 1))).toBe(-1);
    expect(newestFirst(at(chk(2), NOW - 1), at(chk(1), NOW))).toBe(1);
  });

  it('in one second is that of their numbers, then of places and keys', () => {
    expect(newestFirst(at(chk(10), NOW), at(chk(9), NOW))).toBe(-1);
    expect(newestFirst(at(chk(9), NOW), at(chk(10), NOW))).toBe(1);
    expect(newestFirst(at('a', NOW), at(chk(0), NOW))).toBe(1);
    expect(newestFirst(at('b', NOW), at('a', NOW, 1))).toBe(-1);
    expect(newestFirst(at('a', NOW), at('b', NOW))).toBe(-1);
  });

  it('puts one without a time last', () => {
    expect(newestFirst(at(chk(2), Number.NaN), at(chk(1), 0))).toBe(1);
    expect(newestFirst(at(chk(1), 0), at(chk(2), Number.NaN))).toBe(-1);
  });
});

describe('A root', () => {
  it.each([
    ['later, whatever their numbers', at(chk(9), NOW + 1), at(chk(10), NOW)],
    ['of the same time, with the higher number', at(chk(10), NOW), at(chk(9), NOW)],
    ['of the same time, with a number where the other has none', at(chk(0), NOW), at('savepoint', NOW)],
    ['the one of them with a time', at(chk(9), NOW), at(chk(10), Number.NaN)],
  ])('is newer than another where it is %s', (_, newer, older) => {
    expect(isNewer(newer, older)).toBe(true);
    expect(isNewer(older, newer)).toBe(false);
  });

  it('is not newer than one of its time and number, wherever they lie', () => {
    const [here, there] = [at(chk(9), NOW), at(`b/${chk(9)}`, NOW, 1)];

    expect(isNewer(here, there)).toBe(false);
    expect(isNewer(there, here)).toBe(false);
  });
});
