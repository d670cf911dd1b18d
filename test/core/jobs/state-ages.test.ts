import { describe, expect, it } from 'vitest';
import { AGE_BOUNDS, addToBands, agesOf, bandOf, emptyBands } from '#core/jobs/state-ages.ts';
import { DAY, DIRECTORY, HOUR, NOW, uuid, world } from '#test/support/world.ts';

const [OLD, MIDDLE, YOUNG, OTHER] = [1, 2, 3, 4].map((number) => `${DIRECTORY}/shared/${uuid(number)}`) as [
  string,
  string,
  string,
  string,
];
const CHECKPOINT = `${DIRECTORY}/chk-5`;

describe('The ages of what a root needs', () => {
  it('are those of the files that it names and that exist, and its own', () => {
    const evidence = world({
      objects: { [OLD]: 30 * DAY, [MIDDLE]: 9 * DAY, [YOUNG]: 2 * HOUR, [OTHER]: 90 * DAY },
      roots: { [CHECKPOINT]: { age: HOUR, names: [YOUNG, OLD, MIDDLE, `${DIRECTORY}/shared/${uuid(9)}`] } },
    });

    expect(agesOf(evidence, evidence.root(CHECKPOINT))).toEqual({
      oldest: NOW - 30 * DAY,
      // Of four times the second.
      median: NOW - 9 * DAY,
      newest: NOW - HOUR,
    });
  });

  it('are its own where it names nothing', () => {
    const evidence = world({ roots: { [CHECKPOINT]: { age: HOUR } } });
    const time = NOW - HOUR;

    expect(agesOf(evidence, evidence.root(CHECKPOINT))).toEqual({ oldest: time, median: time, newest: time });
  });

  it('count it once where it names itself', () => {
    const evidence = world({
      objects: { [OLD]: 9 * DAY },
      roots: { [CHECKPOINT]: { age: HOUR, names: [OLD, `${CHECKPOINT}/_metadata`] } },
    });

    expect(agesOf(evidence, evidence.root(CHECKPOINT)).median).toBe(NOW - 9 * DAY);
  });
});

describe('The bands of ages', () => {
  it('end before their bound and begin with it', () => {
    const last = AGE_BOUNDS.length - 1;

    expect(AGE_BOUNDS.map((bound) => [bandOf(bound - 1), bandOf(bound)])).toEqual(
      AGE_BOUNDS.map((_, at) => [at, at + 1]),
    );
    expect(bandOf(-HOUR)).toBe(0);
    expect(AGE_BOUNDS[last]).toBe(365 * DAY);
    expect(AGE_BOUNDS).toEqual(AGE_BOUNDS.toSorted((a, b) => a - b));
  });

  it('count objects and bytes', () => {
    const bands = emptyBands();

    addToBands(bands, 30 * 60_000, 5);
    addToBands(bands, 59 * 60_000, 7);
    addToBands(bands, 400 * DAY, 11);

    const none = new Array<number>(AGE_BOUNDS.length - 1).fill(0);
    expect(bands).toEqual({ objects: [2, ...none, 1], bytes: [12, ...none, 11] });
  });
});
