import { describe, expect, it } from 'vitest';
import { decideRetention, RETENTION_RULES } from '#core/retention/decide.ts';
import type { RetentionInput, RetireWord } from '#core/retention/policy.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  NOW,
  OTHER_DIRECTORY,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

/** What the operator says of one directory, in place of the policy. */

const ROOTS: Readonly<Record<string, RootSpec>> = {
  [`${DIRECTORY}/chk-1`]: { age: 60 * DAY },
  [`${DIRECTORY}/chk-2`]: { age: 50 * DAY },
  [`${OTHER_DIRECTORY}/chk-1`]: { age: 60 * DAY },
  'sp/savepoint-aaaaaa-000000000001': { age: 55 * DAY, kind: 'savepoint-native' },
};
const ALL: RetireWord = { location: 0, base: `${DIRECTORY}/`, before: null, savepoints: false };

function decided(
  word: Partial<RetireWord>,
  spec: WorldSpec = {},
  input: Partial<RetentionInput> = {},
): Readonly<Record<string, string>> {
  const decisions = decideRetention(world({ ...spec, roots: spec.roots ?? ROOTS }), {
    policies: [{ matches: () => true, endedJobs: 'all', savepoints: 'all' }],
    minRestorePoints: 5,
    groupBy: 'label',
    labelOf: () => 'all of them',
    isLabelledByPath: () => false,
    running: new Set(),
    restoredFrom: [],
    ...input,
    word: { ...ALL, ...word },
  });
  return Object.fromEntries(
    decisions.map(({ root, action, reasons }) => [
      root.directory.split('/').at(-2) ?? '',
      action === 'retire' ? 'retire' : reasons.map(({ rule }) => rule).join(' '),
    ]),
  );
}

const SAVED = 'savepoint-aaaaaa-000000000001';

describe('That a job is over', () => {
  it('retires all its checkpoints whatever the policy says, and nothing of another directory', () => {
    expect(decided({})).toEqual({ 'chk-1': 'retire', 'chk-2': 'retire', [SAVED]: 'keep-all' });
    expect(decided({}, {}, { policies: [] })).toEqual({ 'chk-1': 'retire', 'chk-2': 'retire', [SAVED]: 'keep-all' });
  });

  it('goes before all that a policy would keep', () => {
    const policies = [
      { matches: () => true, endedJobs: { keepLast: 9, keepWithin: 99 * DAY }, savepoints: 'all' as const },
    ];

    expect(decided({}, {}, { policies })).toEqual({ 'chk-1': 'retire', 'chk-2': 'retire', [SAVED]: 'keep-all' });
  });

  it('retires its savepoints only where they are meant', () => {
    expect(decided({ savepoints: true })).toEqual({ 'chk-1': 'retire', 'chk-2': 'retire', [SAVED]: 'retire' });
  });

  it('retires also what is in disorder: nothing is counted', () => {
    const roots = { [`${DIRECTORY}/chk-1`]: { age: 50 * DAY }, [`${DIRECTORY}/chk-2`]: { age: 60 * DAY } };

    expect(decided({}, { roots })).toEqual({ 'chk-1': 'retire', 'chk-2': 'retire' });
  });

  const shared = { [`${DIRECTORY}/shared/${uuid(9)}`]: DAY };
  it.each([
    ['undecidable-area', { lost: ['s3://bucket/cp'] }, {}],
    ['starting-job', { objects: { [`eu/${'c'.repeat(32)}/shared/${uuid(1)}`]: DAY } }, {}],
    ['protect-pattern', { protect: [`${DIRECTORY}/chk-1/_metadata`] }, {}],
    ['pinned', { pinned: [`${DIRECTORY}/chk-1`] }, {}],
    ['restored-from', {}, { restoredFrom: [`s3://bucket/${DIRECTORY}/chk-1`] }],
    ['running-job', {}, { running: new Set([JOB]) }],
    ['starting-job unended-job', { objects: shared }, {}],
    ['min-age', { settings: { minAge: 61 * DAY } }, {}],
  ] satisfies readonly [string, WorldSpec, Partial<RetentionInput>][])(
    'leaves %s as it is',
    (rules, spec: WorldSpec, input: Partial<RetentionInput>) => {
      expect(decided({}, spec, input)['chk-1']).toBe(rules);
    },
  );

  it('leaves a savepoint that may be another job’s', () => {
    const roots = { ...ROOTS, [`cp/aaaaaa${'d'.repeat(26)}/chk-1`]: { age: 60 * DAY } };

    expect(decided({ savepoints: true }, { roots })).toEqual({ 'chk-1': 'retire', 'chk-2': 'retire' });
  });

  it('says so', () => {
    const decisions = decideRetention(world({ roots: ROOTS }), {
      policies: [],
      minRestorePoints: 1,
      groupBy: 'job',
      labelOf: ({ base }) => base,
      isLabelledByPath: () => false,
      running: new Set(),
      restoredFrom: [],
      word: ALL,
    });
    const told = (directory: string) => decisions.find(({ root }) => root.directory === `${directory}/`)?.reasons;

    expect(told(`${DIRECTORY}/chk-1`)).toEqual([
      { rule: 'policy', sentence: 'its job has written nothing within deadAfter, requested for its job directory' },
    ]);
    expect(told(`sp/${SAVED}`)).toEqual([
      { rule: 'keep-all', sentence: 'a savepoint, and only checkpoints were requested' },
    ]);
    expect(RETENTION_RULES.map(({ rule }) => rule)).not.toContain('policy');
  });
});

describe('What was complete before a time', () => {
  const until = (age: number): Partial<RetireWord> => ({ before: NOW - age });

  it('is retired, to the millisecond', () => {
    expect(decided(until(50 * DAY))).toMatchObject({ 'chk-1': 'retire', 'chk-2': 'keep-within' });
    expect(decided(until(50 * DAY - 1))).toMatchObject({ 'chk-1': 'retire', 'chk-2': 'retire' });
  });

  /** chk-8 and chk-9 three days ago, and chk-1 since: too short a silence to tell two runs apart. */
  const again = (first: RootSpec = { age: HOUR }): WorldSpec => ({
    roots: {
      [`${DIRECTORY}/chk-8`]: { age: 4 * DAY },
      [`${DIRECTORY}/chk-9`]: { age: 3 * DAY },
      [`${DIRECTORY}/chk-1`]: first,
    },
  });

  it('is retired although its job runs, where a restore point with a smaller number has completed since', () => {
    const running = { running: new Set([JOB]) };

    expect(decided(until(2 * DAY), again(), running)).toEqual({
      'chk-8': 'retire',
      'chk-9': 'retire',
      'chk-1': 'running-job unended-job keep-within min-age',
    });
  });

  it('stays where that one is damaged, a savepoint, or from before that time', () => {
    const kept = { 'chk-8': 'unended-job', 'chk-9': 'unended-job' };

    expect(decided(until(2 * DAY), again({ age: HOUR, names: ['gone/file'] }))).toMatchObject(kept);
    expect(decided(until(2 * DAY), again({ age: HOUR, kind: 'full-checkpoint' }))).toMatchObject(kept);
    expect(decided(until(0.5 * HOUR), again())).toMatchObject(kept);
  });

  it('is one that was complete since then at the earliest, to the millisecond', () => {
    expect(decided(until(2 * DAY), again({ age: 2 * DAY }))).toMatchObject({ 'chk-9': 'retire' });
    expect(decided(until(2 * DAY), again({ age: 2 * DAY + 1 }))).toMatchObject({ 'chk-9': 'unended-job' });
  });

  it('says nothing of what was complete later, or at that time, although the numbers began again', () => {
    const { roots } = again();
    const later = (age: number): WorldSpec => ({ roots: { ...roots, [`${DIRECTORY}/chk-9`]: { age } } });

    expect(decided(until(2 * DAY), later(1.5 * DAY))).toMatchObject({ 'chk-9': 'unended-job keep-within' });
    expect(decided(until(2 * DAY), later(2 * DAY))).toMatchObject({ 'chk-9': 'unended-job keep-within' });
  });

  it('stays where the numbers began again in another location', () => {
    const { roots } = again();
    const spec: WorldSpec = {
      locations: [{}, { store: 's3://other' }],
      roots: { ...roots, [`${DIRECTORY}/chk-1`]: { age: HOUR, location: 1 } },
    };

    expect(decided(until(2 * DAY), spec)).toMatchObject({ 'chk-8': 'unended-job', 'chk-9': 'unended-job' });
  });

  it('stays where the numbers began again in another directory of its id', () => {
    const { roots } = again();
    const elsewhere = { [`eu/${DIRECTORY}/chk-1`]: { age: HOUR } };
    const spec = { roots: { ...roots, [`${DIRECTORY}/chk-1`]: { age: 5 * DAY }, ...elsewhere } };

    expect(decided(until(2 * DAY), spec)).toMatchObject({ 'chk-8': 'unended-job', 'chk-9': 'unended-job' });
  });

  it('says that it is of an earlier run, and why another one stays', () => {
    const sentences = decideRetention(world(again()), {
      policies: [],
      minRestorePoints: 1,
      groupBy: 'job',
      labelOf: ({ base }) => base,
      isLabelledByPath: () => false,
      running: new Set(),
      restoredFrom: [],
      word: { ...ALL, ...until(2 * DAY) },
    }).map(({ root, reasons }) => [root.directory.split('/').at(-2), reasons.map(({ sentence }) => sentence)]);

    expect(Object.fromEntries(sentences)).toMatchObject({
      'chk-9': [
        'left by an earlier run under the same job id, and completed before the time that you gave, requested for its job directory',
      ],
      'chk-1': expect.arrayContaining(['not completed before the time that you gave']),
    });
  });

  it('stays where the numbers did not begin again: its job knows it', () => {
    const roots = { [`${DIRECTORY}/chk-8`]: { age: 4 * DAY }, [`${DIRECTORY}/chk-9`]: { age: HOUR } };

    expect(decided(until(2 * DAY), { roots })).toMatchObject({ 'chk-8': 'unended-job' });
  });
});
