import { describe, expect, it } from 'vitest';
import { JUDGEMENTS, judgeAll, subjectOf } from '#core/collect/judge.ts';
import { rootMarks } from '#core/collect/root-marks.ts';
import { type JudgementRule, REASONS, VERDICTS, type Verdict } from '#core/collect/verdicts.ts';
import { DAY, DIRECTORY, fate, HOUR, JOB, judge, OTHER_JOB, uuid, type WorldSpec, world } from '#test/support/world.ts';

/** Each rule with an area that it alone stands in front of. */

interface Scenario {
  readonly world: WorldSpec;
  /** The object that would be lost. */
  readonly object: string;
  readonly verdict: Verdict;
  /** Rules that keep it too. They are switched off first, to show that this one is enough. */
  readonly besides?: readonly JudgementRule[];
}

const FILE = `${DIRECTORY}/shared/${uuid(1)}`;
const LATER = `${DIRECTORY}/chk-9`;
const RUNNING = { [LATER]: { age: HOUR } };
/** Old, named by nothing, of a job that has completed a checkpoint since: nothing but one rule keeps it. */
function garbage(key: string): WorldSpec {
  return { objects: { [key]: 10 * DAY }, roots: RUNNING };
}

const SCENARIOS: Readonly<Record<Exclude<JudgementRule, 'garbage'>, Scenario>> = {
  'special-entry': {
    world: { objects: { [FILE]: { age: 10 * DAY, special: 'a symbolic link' } }, roots: RUNNING },
    object: FILE,
    verdict: 'keep-unknown',
  },
  pinned: {
    world: {
      objects: { [FILE]: 10 * DAY },
      roots: { ...RUNNING, [`${DIRECTORY}/chk-3`]: { age: 9 * DAY, names: [FILE] } },
      pinned: [`${DIRECTORY}/chk-3`],
    },
    object: FILE,
    verdict: 'keep-pinned',
    besides: ['named-by-root'],
  },
  'unreadable-root': {
    world: { roots: { ...RUNNING, [`${DIRECTORY}/chk-3`]: { age: 9 * DAY, outcome: 'unreadable' } } },
    object: `${DIRECTORY}/chk-3/_metadata`,
    verdict: 'keep-undecidable',
    besides: ['root', 'undecidable-area'],
  },
  root: {
    world: { roots: { ...RUNNING, [`${DIRECTORY}/chk-3`]: { age: 9 * DAY } } },
    object: `${DIRECTORY}/chk-3/_metadata`,
    verdict: 'keep-live',
  },
  'named-by-root': {
    world: { objects: { [FILE]: 10 * DAY }, roots: { [LATER]: { age: HOUR, names: [FILE] } } },
    object: FILE,
    verdict: 'keep-live',
  },
  'base-name': {
    world: { objects: { [FILE]: 10 * DAY }, roots: { [LATER]: { age: HOUR, names: [`${LATER}/${uuid(1)}`] } } },
    object: FILE,
    verdict: 'keep-live',
  },
  'named-by-renamed-root': {
    world: {
      objects: { [FILE]: 10 * DAY, 'backup/_metadata.bak': 10 * DAY },
      roots: RUNNING,
      renamed: { 'backup/_metadata.bak': { names: [FILE] } },
    },
    object: FILE,
    verdict: 'keep-protected',
  },
  copy: {
    world: {
      objects: { [FILE]: 10 * DAY, [`backup/${FILE}`]: 10 * DAY },
      roots: { [LATER]: { age: HOUR, names: [FILE] }, [`backup/${LATER}`]: { age: HOUR, names: [FILE] } },
    },
    object: `backup/${FILE}`,
    verdict: 'keep-protected',
  },
  'high-availability': {
    world: garbage(`${DIRECTORY}/completedCheckpoint0a1b2c`),
    object: `${DIRECTORY}/completedCheckpoint0a1b2c`,
    verdict: 'keep-protected',
  },
  'protect-pattern': { world: { ...garbage(FILE), protect: [FILE] }, object: FILE, verdict: 'keep-protected' },
  'steward-marker': {
    world: garbage(`${DIRECTORY}/.flink-steward.json`),
    object: `${DIRECTORY}/.flink-steward.json`,
    verdict: 'keep-protected',
    besides: ['unknown-name'],
  },
  'unknown-name': {
    world: garbage(`${DIRECTORY}/shared/000012.sst`),
    object: `${DIRECTORY}/shared/000012.sst`,
    verdict: 'keep-unknown',
  },
  'forst-working-files': {
    world: garbage(`${DIRECTORY}/shared/op_Map_attempt_0/db/${uuid(1)}`),
    object: `${DIRECTORY}/shared/op_Map_attempt_0/db/${uuid(1)}`,
    verdict: 'keep-protected',
  },
  taskowned: {
    world: garbage(`${DIRECTORY}/taskowned/${uuid(1)}`),
    object: `${DIRECTORY}/taskowned/${uuid(1)}`,
    verdict: 'keep-protected',
  },
  'savepoint-files': {
    world: garbage(`sp/savepoint-aaaaaa-000000000000/${uuid(1)}`),
    object: `sp/savepoint-aaaaaa-000000000000/${uuid(1)}`,
    verdict: 'keep-protected',
  },
  'directory-marker': {
    world: garbage(`${DIRECTORY}/chk-3/`),
    object: `${DIRECTORY}/chk-3/`,
    verdict: 'keep-protected',
  },
  'min-age': {
    world: { objects: { [FILE]: 23 * HOUR }, roots: RUNNING },
    object: FILE,
    verdict: 'keep-young',
  },
  'running-checkpoint': {
    world: { ...garbage(`${DIRECTORY}/chk-7/${uuid(1)}`), running: [{ jobId: JOB, inProgress: [7n] }] },
    object: `${DIRECTORY}/chk-7/${uuid(1)}`,
    verdict: 'keep-in-progress',
  },
  'rootless-directory': {
    world: { objects: { [FILE]: 20 * DAY }, showedFlink: [JOB] },
    object: FILE,
    verdict: 'keep-in-progress',
  },
  'no-later-checkpoint': {
    world: { objects: { [FILE]: 10 * DAY }, roots: { [LATER]: { age: 11 * DAY } } },
    object: FILE,
    verdict: 'keep-in-progress',
  },
  'foreign-directory': {
    world: { objects: { [`cache/${OTHER_JOB}/shared/${uuid(1)}`]: 60 * DAY }, roots: RUNNING },
    object: `cache/${OTHER_JOB}/shared/${uuid(1)}`,
    verdict: 'keep-unknown',
  },
  'undecidable-area': {
    world: {
      objects: { [FILE]: 10 * DAY },
      roots: { ...RUNNING, 'elsewhere/chk-1': { age: HOUR, names: [{ path: 's3://far/x' }] } },
    },
    object: FILE,
    verdict: 'keep-undecidable',
  },
  quarantine: {
    world: { ...garbage(FILE), candidacies: { [FILE]: null } },
    object: FILE,
    verdict: 'quarantined',
  },
};

function without(...rules: readonly JudgementRule[]) {
  return JUDGEMENTS.filter(({ rule }) => !rules.includes(rule));
}

describe('the rules', () => {
  it('all have a scenario below, and no scenario is without its rule', () => {
    expect(Object.keys(SCENARIOS)).toEqual(JUDGEMENTS.map(({ rule }) => rule));
    expect(Object.keys(REASONS).sort()).toEqual([...Object.keys(SCENARIOS), 'garbage'].sort());
  });

  describe.each(Object.entries(SCENARIOS))('%s', (name, { world: spec, object, verdict, besides = [] }) => {
    const rule = name as JudgementRule;

    it('decides, with its own verdict', () => {
      expect(fate(world(spec), object)).toBe(`${verdict} (${rule})`);
    });

    it('is enough by itself', () => {
      expect(fate(world(spec), object, without(...besides))).toBe(`${verdict} (${rule})`);
    });

    it('switched off, loses an object', () => {
      expect(fate(world(spec), object, without(...besides, rule))).toBe('delete (garbage)');
    });
  });

  it('let garbage go that none of them keeps', () => {
    expect(fate(world(garbage(FILE)), FILE)).toBe('delete (garbage)');
  });

  it('speak in their order: what is alive is called live, whatever else protects it', () => {
    const spec = garbage(FILE);
    const young = { ...spec, objects: { [FILE]: 0 }, protect: [FILE] };
    const named = { ...young, roots: { [LATER]: { age: HOUR, names: [FILE] } } };

    expect(fate(world(young), FILE)).toBe('keep-protected (protect-pattern)');
    expect(fate(world(named), FILE)).toBe('keep-live (named-by-root)');
    expect(fate(world({ ...named, pinned: [LATER] }), FILE)).toBe('keep-pinned (pinned)');
  });

  it('know every verdict but for those of garbage', () => {
    const given = new Set(JUDGEMENTS.map(({ verdict }) => verdict));

    expect(VERDICTS.filter((verdict) => !given.has(verdict))).toEqual(['delete']);
  });
});

describe('the verdicts of a run', () => {
  it('are given on every object, and on nothing else', () => {
    const evidence = world(garbage(FILE));

    const verdicts = judgeAll(evidence);

    expect(judge(evidence)).toEqual(
      new Map([
        [FILE, { verdict: 'delete', rule: 'garbage' }],
        [`${LATER}/_metadata`, { verdict: 'keep-live', rule: 'root' }],
      ]),
    );
    for (const object of [-1, 2, 0.5]) {
      expect(() => verdicts.verdict(object)).toThrow(new RangeError(`No verdict was given on object ${object}.`));
      expect(() => verdicts.rule(object)).toThrow(RangeError);
    }
  });

  it('rest on what is known of the object', () => {
    const evidence = world({ ...garbage(FILE), objects: { [FILE]: 10 * DAY, [`eu/${JOB}/shared/${uuid(2)}`]: DAY } });
    const roots = rootMarks(evidence);

    expect(subjectOf(evidence.object(FILE), evidence, roots)).toEqual({
      object: evidence.object(FILE),
      kind: 'shared',
      modified: evidence.start - 10 * DAY,
      owner: evidence.owner(FILE),
      rootlessSince: null,
      root: null,
      isNamedByPinned: false,
    });
    expect(subjectOf(evidence.object(`${LATER}/_metadata`), evidence, roots).root).toBe(evidence.root(LATER));
    expect(subjectOf(evidence.object(`eu/${JOB}/shared/${uuid(2)}`), evidence, roots).rootlessSince).toBe(
      evidence.start - DAY,
    );
  });

  it('take no root for an object that was not listed', () => {
    const evidence = world({ roots: { [LATER]: { age: HOUR, listed: false } } });

    const marks = rootMarks(evidence);

    expect([-1, 0].map((object) => marks.at(object))).toEqual([null, null]);
  });
});
