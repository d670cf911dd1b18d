import { describe, expect, it } from 'vitest';
import { usualInterval } from '#core/retention/usual-interval.ts';
import { DIRECTORY, HOUR, MINUTE, NOW, unreadRoot } from '#test/support/world.ts';

const roots = (ages: Readonly<Record<string, number>>) =>
  Object.entries(ages).map(([name, age]) =>
    unreadRoot({ key: `${DIRECTORY}/${name}/_metadata`, completed: NOW - age }),
  );
const remembered = (ages: Readonly<Record<string, number>>) => ({
  began: null,
  absent: null,
  roots: Object.entries(ages).map(([name, age]) => ({ name, content: null, completed: NOW - age })),
});

describe('The usual interval of a job', () => {
  it('is 0 where fewer than three checkpoints are known: the job may have been down between two', () => {
    expect(usualInterval([], null)).toBe(0);
    expect(usualInterval(roots({ 'chk-1': HOUR }), null)).toBe(0);
    expect(usualInterval(roots({ 'chk-1': HOUR, copy: 0 }), remembered({ '': MINUTE }))).toBe(0);
    expect(usualInterval(roots({ 'chk-1': 500 * HOUR, 'chk-2': 0 }), null)).toBe(0);
    expect(usualInterval(roots({ 'chk-2': 0 }), remembered({ 'chk-1': 500 * HOUR, 'chk-2': 0 }))).toBe(0);
  });

  it('is the smaller of two, so that the time for which a job was down is not taken for it', () => {
    expect(usualInterval(roots({ 'chk-1': 500 * HOUR, 'chk-2': HOUR, 'chk-3': 0 }), null)).toBe(HOUR);
  });

  it('is the median, the lower one of two', () => {
    const known = { 'chk-1': 10 * MINUTE, 'chk-2': 9 * MINUTE, 'chk-3': 6 * MINUTE };

    expect(usualInterval(roots(known), null)).toBe(MINUTE);
    expect(usualInterval(roots({ ...known, 'chk-4': 2 * MINUTE }), null)).toBe(3 * MINUTE);
  });

  it('counts the checkpoints in between by their numbers', () => {
    expect(usualInterval(roots({ 'chk-1': 2 * HOUR, 'chk-61': HOUR, 'chk-121': 0 }), null)).toBe(MINUTE);
  });

  it('knows nothing of roots that are no numbered checkpoints', () => {
    const known = roots({ 'chk-1': 3 * HOUR, 'chk-2': 2 * HOUR, copy: 90 * MINUTE, 'chk-3': HOUR });
    const before = remembered({ 'chk-1': 3 * HOUR, 'chk-2': 2 * HOUR, other: 90 * MINUTE });

    expect(usualInterval(known, null)).toBe(HOUR);
    expect(usualInterval(roots({ 'chk-3': HOUR }), before)).toBe(HOUR);
  });

  it('knows those that are gone from the ledger, and each of them once', () => {
    const before = remembered({ 'chk-5': 7 * MINUTE, 'chk-6': 5 * MINUTE });

    expect(usualInterval(roots({ 'chk-6': 5 * MINUTE, 'chk-7': 3 * MINUTE }), before)).toBe(2 * MINUTE);
  });

  it('leaves out where the numbers begin again', () => {
    const twice = { 'chk-90': 10 * HOUR, 'chk-91': 9 * HOUR, 'chk-1': 2 * HOUR, 'chk-2': HOUR };

    expect(usualInterval(roots(twice), null)).toBe(HOUR);
    expect(usualInterval(roots({ 'chk-90': 10 * HOUR, 'chk-1': 2 * HOUR, 'chk-2': HOUR }), null)).toBe(0);
  });
});
