import { describe, expect, it } from 'vitest';
import { decideRetention } from '#core/retention/decide.ts';
import { retentionHints } from '#core/retention/hints.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { DAY, type RootSpec, type WorldSpec, world } from '#test/support/world.ts';

const ONE: RootSpec = { age: 60 * DAY };
const SAVEPOINT: RootSpec = { age: 60 * DAY, kind: 'savepoint-native' };
const chk = (digit: string, number = 1) => `cp/${digit.repeat(32)}/chk-${number}`;
const THREE = { [chk('a')]: ONE, [chk('b')]: ONE, [chk('c')]: ONE };

function hints(roots: WorldSpec['roots'], change: Partial<RetentionInput> = {}): readonly string[] {
  const input: RetentionInput = {
    policies: [{ matches: () => true, endedJobs: { keepLast: 1 }, savepoints: { keepLast: 3 } }],
    minRestorePoints: 1,
    groupBy: 'job',
    labelOf: ({ base }) => base,
    isLabelledByPath: () => false,
    running: new Set(),
    restoredFrom: [],
    ...change,
  };
  return retentionHints(decideRetention(world({ roots: roots ?? {} }), input), input);
}

describe('A policy that retires nothing', () => {
  it('is said to be off where there is none', () => {
    expect(hints(THREE, { policies: [] })).toEqual([
      'Retiring is off: "retain" in steward.json is empty, so no checkpoint or savepoint is retired. Add "retain".',
    ]);
    expect(hints({}, { policies: [] })).toEqual([]);
  });

  it('is said to count each job by itself where every job has one checkpoint', () => {
    expect(hints(THREE)).toEqual([
      '"retain" retires no checkpoint: "groupBy" is "job", and each of 3 jobs has only one that no other rule keeps. If these are submissions of one job, whose id changes each time, give them one label ("labels") and set "groupBy": "label".',
    ]);
  });

  it('is said to do so for savepoints by themselves', () => {
    const savepoints = Object.fromEntries(
      ['aaaaaa', 'bbbbbb', 'cccccc'].map((digits) => [`sp/savepoint-${digits}-000000000001`, SAVEPOINT]),
    );

    expect(hints({ ...savepoints, [chk('d', 1)]: { age: 70 * DAY }, [chk('d', 2)]: ONE })).toEqual([
      expect.stringMatching(/^"retain" retires no savepoint: .*each of 3 jobs /),
    ]);
  });

  it.each<[string, WorldSpec['roots'], Partial<RetentionInput>]>([
    ['there are only two jobs', { [chk('a')]: ONE, [chk('b')]: ONE }, {}],
    ['one job has two checkpoints', { ...THREE, [chk('a', 2)]: { age: 50 * DAY } }, {}],
    [
      'one job has two checkpoints, and all stay',
      { ...THREE, [chk('a', 2)]: { age: 50 * DAY } },
      { policies: [{ matches: () => true, endedJobs: { keepLast: 2 }, savepoints: { keepLast: 3 } }] },
    ],
    ['the jobs may be running', { [chk('a')]: { age: DAY }, [chk('b')]: { age: DAY }, [chk('c')]: { age: DAY } }, {}],
    ['they are counted by label', THREE, { groupBy: 'label', labelOf: () => 'orders' }],
    ['they are counted by a label that each has for itself', THREE, { groupBy: 'label' }],
  ])('is left without a word where %s', (_why, roots, change) => {
    expect(hints(roots, change)).toEqual([]);
  });
});
