import { describe, expect, it } from 'vitest';
import type { Evidence } from '#core/collect/evidence.ts';
import { decideRetention, RETENTION_RULES, type RetentionRule } from '#core/retention/decide.ts';
import { sayStarting } from '#core/retention/keep-reasons.ts';
import type { Keep, RetentionInput } from '#core/retention/policy.ts';
import { startingJobs } from '#core/retention/starting-jobs.ts';
import {
  DAY,
  DIRECTORY,
  HOUR,
  JOB,
  MINUTE,
  OTHER_DIRECTORY,
  OTHER_JOB,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

const OLD = `${DIRECTORY}/chk-1`;
const NEW = `${DIRECTORY}/chk-2`;
const ENDED = { [OLD]: { age: 60 * DAY }, [NEW]: { age: 50 * DAY } };
const FILE = `${DIRECTORY}/shared/${uuid(1)}`;

interface Scenario {
  readonly spec?: WorldSpec;
  readonly keep?: Keep;
  readonly input?: Partial<RetentionInput>;
  readonly root?: string;
  readonly alter?: (evidence: Evidence) => Evidence;
}

function decide(scenario: Scenario, without?: RetentionRule): readonly string[] {
  const decision = decisionOn(scenario, without);
  return decision === undefined ? [] : [decision.action, ...decision.reasons.map(({ rule }) => rule)];
}

function decisionOn({ spec, keep, input, root, alter }: Scenario, without?: RetentionRule) {
  const evidence = world({ roots: ENDED, ...spec });
  const decisions = decideRetention(
    alter?.(evidence) ?? evidence,
    {
      policies: [{ matches: () => true, endedJobs: keep ?? { keepLast: 1 }, savepoints: keep ?? { keepLast: 1 } }],
      minRestorePoints: 1,
      groupBy: 'job',
      labelOf: ({ base }) => base,
      isLabelledByPath: () => false,
      running: new Set(),
      restoredFrom: [],
      ...input,
    },
    RETENTION_RULES.filter(({ rule }) => rule !== without),
  );
  return decisions.find((each) => each.root.directory === `${root ?? OLD}/`);
}

/** What each rule alone stands against: without it the root would be retired. */
const SCENARIOS: Readonly<Record<(typeof RETENTION_RULES)[number]['rule'], Scenario>> = {
  'undecidable-area': { spec: { lost: ['s3://bucket/cp'] } },
  'starting-job': { spec: { objects: { [`${OTHER_DIRECTORY}/shared/`]: DAY } } },
  // As where the operator has written it off.
  'unreadable-root': {
    spec: { roots: { ...ENDED, [OLD]: { age: 60 * DAY, outcome: 'unreadable' } } },
    alter: (evidence) => ({ ...evidence, undecidable: [] }),
  },
  late: { spec: { roots: { ...ENDED, [OLD]: { age: 60 * DAY, listed: false } } } },
  'distrusted-times': { spec: { roots: { [OLD]: { age: 50 * DAY }, [NEW]: { age: 60 * DAY } } }, root: NEW },
  pinned: { spec: { pinned: [OLD] } },
  'protect-pattern': { spec: { protect: [`${OLD}/_metadata`] } },
  'restored-from': { input: { restoredFrom: [`s3a://other-name/${OLD}`] } },
  'running-job': { input: { running: new Set([JOB]) } },
  'unended-job': { spec: { objects: { [`${DIRECTORY}/shared/notes`]: 13 * DAY } } },
  'unknown-job': {
    spec: { roots: { 'flat/chk-1': { age: 60 * DAY }, 'flat/chk-2': { age: 50 * DAY } } },
    root: 'flat/chk-1',
  },
  'ambiguous-savepoint': {
    spec: {
      roots: {
        ...ENDED,
        [`cp/aaaaaa${'c'.repeat(26)}/chk-1`]: { age: 40 * DAY },
        [`cp/${OTHER_JOB}/chk-1`]: { age: 40 * DAY },
        'sp/savepoint-aaaaaa-000000000001': { age: 90 * DAY, kind: 'savepoint-native' },
        'sp/savepoint-bbbbbb-000000000001': { age: 80 * DAY, kind: 'savepoint-native' },
      },
    },
    input: {
      groupBy: 'label',
      labelOf: ({ base, job }) => (base.startsWith('sp/') || job === OTHER_JOB ? 'mine' : base),
    },
    root: 'sp/savepoint-aaaaaa-000000000001',
  },
  stray: {
    spec: { roots: { ...ENDED, copy: { age: 90 * DAY } } },
    keep: { keepWithin: DAY },
    input: { groupBy: 'label', labelOf: () => 'one' },
    root: 'copy',
  },
  'needed-by-name': {
    spec: {
      objects: { [FILE]: 70 * DAY },
      roots: {
        [OLD]: { age: 60 * DAY, names: [FILE] },
        [NEW]: { age: 50 * DAY },
        [`${OTHER_DIRECTORY}/chk-1`]: { age: 40 * DAY, names: [{ path: uuid(1), relative: true }] },
      },
    },
  },
  repairable: {
    spec: {
      objects: { [`backup/${uuid(1)}`]: 70 * DAY },
      roots: { ...ENDED, [OLD]: { age: 60 * DAY, names: [FILE] } },
    },
  },
  'no-policy': { input: { policies: [] } },
  'keep-all': { keep: 'all' },
  'keep-last': { keep: { keepLast: 2 } },
  'keep-within': { keep: { keepLast: 1, keepWithin: 60 * DAY + 1 } },
  'min-age': { spec: { settings: { minAge: 60 * DAY + 1 } } },
  'restore-points': { input: { minRestorePoints: 2 } },
};

/** What is told of each of these scenarios. */
const TOLD: Readonly<Record<(typeof RETENTION_RULES)[number]['rule'], string>> = {
  'undecidable-area': 'the area is undecidable in this run',
  'starting-job': `${OTHER_DIRECTORY}/ is being written to and has no checkpoint yet, so its job may have been restored from this one (if that job will not run again: steward declare-dead ${OTHER_JOB} --execute)`,
  'unreadable-root': 'it could not be read',
  late: 'it was completed or changed during the scan',
  'distrusted-times':
    'chk-2 is older than chk-1, so the times of the objects are not those of the checkpoints (a copied bucket, or a job id that was used again)',
  pinned: 'pinned',
  'protect-pattern': 'matches a protect pattern',
  'restored-from': 'a running job was restored from it',
  'running-job': 'its job is running',
  'unended-job': 'its job may be running: it has written within deadAfter',
  'unknown-job': 'its path does not contain the id of its job',
  'ambiguous-savepoint': 'its name matches several jobs',
  stray: 'it is where Flink writes neither checkpoints nor savepoints',
  'needed-by-name': 'another checkpoint or savepoint references a missing file with the name of one of its files',
  repairable: 'it is damaged, but a file with the name of a missing one is elsewhere in the area',
  'no-policy': 'no policy matches',
  'keep-all': 'the policy keeps all checkpoints',
  'keep-last': 'among the last 2 (keepLast)',
  'keep-within': 'young enough (keepWithin)',
  'min-age': 'younger than the minimum age',
  'restore-points': 'needed for 2 restore points (minRestorePoints)',
};

describe('A root', () => {
  it('is retired where nothing keeps it', () => {
    expect(decide({})).toEqual(['retire', 'policy']);
  });

  it.each(RETENTION_RULES.map(({ rule }) => rule))('is kept by %s alone, and would be retired without it', (rule) => {
    expect(decisionOn(SCENARIOS[rule])).toMatchObject({ action: 'keep', reasons: [{ rule, sentence: TOLD[rule] }] });
    expect(decide(SCENARIOS[rule])).toHaveLength(2);
    expect(decide(SCENARIOS[rule], rule)[0]).toBe('retire');
  });

  it.each<[RetentionRule, string]>([
    ['no-policy', 'its job has written nothing within deadAfter'],
    ['keep-all', 'its job has written nothing within deadAfter'],
    ['unended-job', 'not among the last 1 (keepLast)'],
    ['stray', 'not young enough (keepWithin)'],
  ])('is told why it is retired, and nothing that no policy says: without %s', (rule, sentence) => {
    const scenario = SCENARIOS[rule as (typeof RETENTION_RULES)[number]['rule']];

    expect(decisionOn(scenario, rule)?.reasons).toEqual([{ rule: 'policy', sentence }]);
  });

  it('is told of its damage', () => {
    const missing = (...names: string[]) => ({
      spec: { roots: { ...ENDED, [OLD]: { age: 60 * DAY, names } } },
    });
    const told = (scenario: Scenario) => decisionOn(scenario)?.reasons.find(({ rule }) => rule === 'damaged')?.sentence;

    expect(told(missing('gone/1'))).toBe('damaged: 1 of its files is missing or of another size');
    expect(told(missing('gone/1', 'gone/2'))).toBe('damaged: 2 of its files are missing or of another size');
  });

  it('is kept though it can not be restored, and it is told how many newer ones can', () => {
    const kept = (
      root: RootSpec,
      limits: { readonly keepLast: number; readonly points: number },
      rule: RetentionRule,
    ) =>
      decisionOn({
        spec: { roots: { ...ENDED, [OLD]: root } },
        keep: { keepLast: limits.keepLast },
        input: { minRestorePoints: limits.points },
        alter: (evidence) => ({ ...evidence, undecidable: [] }),
      })?.reasons.find((reason) => reason.rule === rule)?.sentence;
    const damaged = { age: 60 * DAY, names: ['gone/1'] };
    const unreadable = { age: 60 * DAY, outcome: 'unreadable' as const };

    expect(kept(damaged, { keepLast: 2, points: 0 }, 'keep-last')).toBe(
      'damaged, and only 1 newer can be restored (keepLast: 2)',
    );
    expect(kept(unreadable, { keepLast: 2, points: 0 }, 'keep-last')).toBe(
      'damaged, and only 1 newer can be restored (keepLast: 2)',
    );
    expect(kept(damaged, { keepLast: 0, points: 2 }, 'restore-points')).toBe(
      'damaged, and only 1 newer is a restore point (minRestorePoints: 2)',
    );
  });

  it('is kept though damaged where it is the only one, or where two newer ones are too few', () => {
    const sentences = (roots: Readonly<Record<string, RootSpec>>, points: number) =>
      decisionOn({ spec: { roots }, keep: { keepLast: 1 }, input: { minRestorePoints: points } })?.reasons.map(
        ({ sentence }) => sentence,
      );
    const damaged = { [OLD]: { age: 60 * DAY, names: ['gone/1'] } };
    const newer = { [NEW]: { age: 50 * DAY }, [`${DIRECTORY}/chk-3`]: { age: 40 * DAY } };

    expect(sentences(damaged, 1)).toEqual([
      'damaged, and no newer one can be restored (keepLast: 1)',
      'damaged, and no newer one is a restore point (minRestorePoints: 1)',
    ]);
    expect(sentences({ ...damaged, ...newer }, 3)).toEqual([
      'damaged, and only 2 newer are restore points (minRestorePoints: 3)',
    ]);
  });

  it('that has vanished is not decided on', () => {
    expect(decide({ spec: { roots: { ...ENDED, [OLD]: { age: 60 * DAY, outcome: 'vanished' } } } })).toEqual([]);
  });
});

describe('The boundaries of time', () => {
  it.each([
    [0, ['retire', 'policy']],
    [1, ['keep', 'keep-within']],
  ])('keepWithin of its age and %i ms', (more, expected) => {
    expect(decide({ keep: { keepWithin: 60 * DAY + more } })).toEqual(expected);
  });

  it.each([
    [0, ['retire', 'policy']],
    [1, ['keep', 'min-age']],
  ])('a minimum age of its age and %i ms', (more, expected) => {
    expect(decide({ spec: { settings: { minAge: 60 * DAY + more } } })).toEqual(expected);
  });

  it.each([
    [0, ['retire', 'policy']],
    [-1, ['keep', 'unended-job']],
  ])('a last write deadAfter and %i ms ago', (more, expected) => {
    expect(decide({ spec: { objects: { [`${DIRECTORY}/shared/notes`]: 14 * DAY + more } } })).toEqual(expected);
  });

  it.each([
    [0, ['retire', 'policy']],
    [-1, ['keep', 'starting-job']],
  ])('a job without checkpoint that wrote deadAfter and %i ms ago', (more, expected) => {
    expect(decide({ spec: { objects: { [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: 14 * DAY + more } } })).toEqual(
      expected,
    );
  });
});

describe('A root that came or changed while the area was read', () => {
  const altered = (change: object): Scenario => ({
    alter: (evidence) => {
      const owners = evidence.owners.all;
      for (const root of owners.flatMap(({ roots }) => roots)) {
        Object.assign(root, root.directory === `${OLD}/` ? change : {});
      }
      return evidence;
    },
  });

  it('stays: its time is that of the listing', () => {
    expect(decide(altered({ late: true }))).toEqual(['keep', 'late']);
  });

  it('stays: it is not what was listed', () => {
    expect(decide(altered({ etag: 'm2' }))).toEqual(['keep', 'late']);
  });

  it('was there in time if it was complete when the run began', () => {
    const roots = { [OLD]: { age: 60 * DAY }, [NEW]: { age: 0 } };

    expect(decide({ spec: { roots }, root: NEW })).not.toContain('late');
  });

  it('stays: it is from the future', () => {
    const roots = { [OLD]: { age: 60 * DAY }, [NEW]: { age: -HOUR }, [`${DIRECTORY}/chk-3`]: { age: -2 * HOUR } };

    expect(decide({ spec: { roots, deadJobs: { [JOB]: -3 * HOUR } }, root: NEW })).toEqual(['keep', 'late', 'min-age']);
  });

  it('stays: it has no time at all, and takes no place', () => {
    const alter = altered({ completed: Number.NaN }).alter;
    const scenario: Scenario = {
      ...(alter === undefined ? {} : { alter }),
      keep: { keepLast: 1, keepWithin: 2 * DAY },
    };

    expect(decide(scenario)).toEqual(['keep', 'late', 'keep-within', 'min-age']);
    expect(decide({ ...scenario, root: NEW })).toEqual(['keep', 'keep-last', 'restore-points']);
  });
});

describe('A root that was put back', () => {
  it('is as young as the object that it is now', () => {
    const alter = (evidence: Evidence): Evidence => {
      for (const root of evidence.owners.all.flatMap(({ roots }) => roots)) {
        Object.assign(root, root.directory === `${OLD}/` ? { completed: root.completed - 30 * DAY } : {});
      }
      return evidence;
    };

    expect(decide({ alter, spec: { settings: { minAge: 60 * DAY + 1 } } })).toEqual(['keep', 'min-age']);
  });
});

describe('A job', () => {
  it('that was declared dead has ended, though it wrote a day before', () => {
    expect(decide({ spec: { objects: { [FILE]: 2 * DAY }, deadJobs: { [JOB]: DAY } } })).toEqual(['retire', 'policy']);
  });

  it('that has written since it was declared dead has not', () => {
    expect(decide({ spec: { objects: { [FILE]: DAY }, deadJobs: { [JOB]: 2 * DAY } } })).toEqual([
      'keep',
      'starting-job',
      'unended-job',
    ]);
  });

  it('that runs goes before any declaration', () => {
    const running = new Set([JOB]);

    expect(decide({ spec: { deadJobs: { [JOB]: DAY } }, input: { running } })).toEqual(['keep', 'running-job']);
  });

  it('that runs keeps its checkpoints, and no savepoint: that is not Flink’s to retire', () => {
    const savepoint = `${DIRECTORY}/savepoint-aaaaaa-000000000001`;
    const roots = { ...ENDED, [savepoint]: { age: 90 * DAY, kind: 'savepoint-native' as const } };

    expect(decide({ spec: { roots }, input: { running: new Set([JOB]) }, root: savepoint, keep: {} })).toEqual([
      'keep',
      'keep-all',
    ]);
  });

  it('that runs does not keep what lies in its directory and is no checkpoint', () => {
    const roots = { ...ENDED, [OTHER_DIRECTORY]: { age: 90 * DAY, kind: 'savepoint-native' as const } };
    const running = new Set([OTHER_JOB]);

    expect(decide({ spec: { roots }, input: { running }, root: OTHER_DIRECTORY })).not.toContain('running-job');
  });

  it('that is declared dead does not start any more', () => {
    const objects = { [`${OTHER_DIRECTORY}/shared/`]: 2 * DAY };

    expect(decide({ spec: { objects, deadJobs: { [OTHER_JOB]: DAY } } })).toEqual(['retire', 'policy']);
  });

  it.each([
    'chk-1',
    'shared',
    'taskowned',
    `shared/job_${'c'.repeat(32)}_op_${'d'.repeat(32)}_0_1`,
    `taskowned/job_${'c'.repeat(32)}_tm_one`,
    'shared/op_map_attempt_0',
  ])('starts also where only %s tells of it', (folder) => {
    expect(decide({ spec: { objects: { [`flat/${folder}/${uuid(1)}`]: DAY } } })).toEqual(['keep', 'starting-job']);
  });

  it('starts at the top of a bucket too', () => {
    const evidence = world({ roots: ENDED, objects: { [`shared/${uuid(1)}`]: DAY } });

    const [decision] = decideRetention(evidence, {
      policies: [],
      minRestorePoints: 1,
      groupBy: 'job',
      labelOf: () => '',
      isLabelledByPath: () => false,
      running: new Set(),
      restoredFrom: [],
    });

    expect(decision?.reasons[0]?.sentence).toBe(
      'the top of the area is being written to and has no checkpoint yet, so its job may have been restored from this one',
    );
  });

  it('is none where a folder holds no names of Flink', () => {
    expect(decide({ spec: { objects: { 'notes/today.txt': DAY } } })).toEqual(['retire', 'policy']);
  });

  it.each([
    [13 * DAY, ['keep', 'starting-job', 'unended-job']],
    [14 * DAY, ['retire', 'policy']],
  ])('of the same id may start in another directory, written to %i ms ago', (age, expected) => {
    const objects = { [`eu/${JOB}/shared/${uuid(1)}`]: age };

    expect(decide({ spec: { objects } })).toEqual(expected);
  });

  it('keeps others than its own by starting in another directory', () => {
    const objects = { [`eu/${OTHER_JOB}/shared/${uuid(1)}`]: DAY };
    const roots = { ...ENDED, [`${OTHER_DIRECTORY}/chk-1`]: { age: 2 * DAY } };

    expect(decide({ spec: { objects, roots } })).toEqual(['keep', 'starting-job']);
  });
});

describe('A job that S3A alone tells of', () => {
  const one = { [`${OTHER_DIRECTORY}/shared/`]: DAY };
  const both = { ...one, [`${OTHER_DIRECTORY}/taskowned/`]: DAY };

  it('may be one also where its directory holds files: its id may have been used before', () => {
    const files = { [`${OTHER_DIRECTORY}/chk-1/${uuid(1)}`]: 15 * DAY };

    expect(decide({ spec: { objects: { ...both, ...files } } })).toEqual(['keep', 'starting-job']);
  });

  it('may be one also where an earlier run saw files or roots there', () => {
    const remembered = { [`${OTHER_DIRECTORY}/`]: [] };

    expect(decide({ spec: { objects: one } })).toEqual(['keep', 'starting-job']);
    expect(decide({ spec: { objects: both, remembered } })).toEqual(['keep', 'starting-job']);
  });

  it('is none where a successor’s deletion explains the empty folder', () => {
    const files = { [`${OTHER_DIRECTORY}/chk-1/${uuid(1)}`]: 15 * DAY };

    expect(decide({ spec: { objects: { ...one, ...files } } })).toEqual(['retire', 'policy']);
    expect(decide({ spec: { objects: one, remembered: { [`${OTHER_DIRECTORY}/`]: [] } } })).toEqual([
      'retire',
      'policy',
    ]);
  });

  it('is the job itself in a folder that counts as entropy of a job with roots', () => {
    const entropy = ['ab12', 'cd34', 'ef56'].map((folder) => `${folder}/${DIRECTORY}/shared/`);
    const named = entropy.slice(0, 2).map((folder) => `${folder}${uuid(1)}`);
    const roots = { ...ENDED, [NEW]: { age: 50 * DAY, names: named } };
    const files = Object.fromEntries(named.map((key) => [key, 60 * DAY]));

    expect(decide({ spec: { roots, objects: { ...files, [`${entropy[2]}`]: DAY } } })).toEqual(['retire', 'policy']);
  });

  it('may be another cluster’s under the same id', () => {
    const objects = { [`eu/${JOB}/shared/`]: DAY };

    expect(decide({ spec: { objects } })).toEqual(['keep', 'starting-job', 'unended-job']);
  });
});

describe('A job that is started again under its id', () => {
  /** It has completed checkpoints every 30 minutes, the last one 5 days ago; the timeout is 10 minutes. */
  const before = {
    [`${OTHER_DIRECTORY}/chk-49`]: { age: 5 * DAY + 90 * MINUTE },
    [`${OTHER_DIRECTORY}/chk-50`]: { age: 5 * DAY + 60 * MINUTE },
    [`${OTHER_DIRECTORY}/chk-52`]: { age: 5 * DAY },
  };
  const written = (age: number, spec: WorldSpec = {}) =>
    decide({
      spec: { roots: { ...ENDED, ...before }, ...spec, objects: { [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: age } },
    });
  const USUAL = 5 * DAY - 70 * MINUTE;

  it.each([
    [0, ['retire', 'policy']],
    [-1, ['keep', 'starting-job']],
  ])('writes for two intervals, the timeout and %i ms after its newest checkpoint', (more, expected) => {
    expect(written(USUAL + more)).toEqual(expected);
  });

  it.each([
    [0, ['retire', 'policy']],
    [-1, ['keep', 'starting-job']],
  ])('has written deadAfter and %i ms ago', (more, expected) => {
    const roots = { ...ENDED, [`${OTHER_DIRECTORY}/chk-50`]: { age: 20 * DAY } };

    expect(written(14 * DAY + more, { roots })).toEqual(expected);
  });

  it('is said with its directory and the way to declare it dead', () => {
    const objects = { [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: DAY };
    const [starting] = startingJobs(world({ roots: { ...ENDED, ...before }, objects }));

    expect(starting).toEqual({ directory: `${OTHER_DIRECTORY}/`, job: OTHER_JOB, again: true });
    expect(sayStarting({ directory: `${OTHER_DIRECTORY}/`, job: OTHER_JOB, again: true })).toBe(
      `${OTHER_DIRECTORY}/ has been written to for longer than usual since its newest checkpoint, so its job may have been restored again, from this one (if that job will not run again: steward declare-dead ${OTHER_JOB} --execute)`,
    );
    expect(sayStarting({ directory: '', job: null, again: false })).toBe(
      'the top of the area is being written to and has no checkpoint yet, so its job may have been restored from this one',
    );
  });

  it('is told of once where its directory holds nothing but a savepoint beside what it writes', () => {
    const objects = { [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: DAY };
    const roots = { ...ENDED, [OTHER_DIRECTORY]: { age: 30 * DAY, kind: 'savepoint-native' as const } };

    expect(startingJobs(world({ roots, objects }))).toEqual([
      { directory: `${OTHER_DIRECTORY}/`, job: OTHER_JOB, again: false },
    ]);
  });

  it('is none where it is declared dead', () => {
    expect(written(DAY, { deadJobs: { [OTHER_JOB]: HOUR } })).toEqual(['retire', 'policy']);
  });

  it('is one although a later checkpoint of another job references its files: that job may run for long', () => {
    const third = `cp/${'c'.repeat(32)}/chk-9`;
    const naming = (age: number) => ({
      roots: { ...ENDED, ...before, [third]: { age, names: [`${OTHER_DIRECTORY}/shared/${uuid(1)}`] } },
    });

    expect(written(DAY, naming(DAY - 1))).toEqual(['keep', 'starting-job']);
    expect(written(DAY, naming(DAY))).toEqual(['keep', 'starting-job']);
  });

  it('is one although a later checkpoint of another job references a file of its directory without roots', () => {
    const file = `${OTHER_DIRECTORY}/shared/${uuid(1)}`;
    const naming = (age: number) => ({ ...ENDED, [`cp/${'c'.repeat(32)}/chk-9`]: { age, names: [file] } });

    expect(written(DAY, { roots: naming(DAY - 1) })).toEqual(['keep', 'starting-job']);
    expect(written(DAY, { roots: naming(DAY) })).toEqual(['keep', 'starting-job']);
  });

  it('is none where all that is known of its directory is a root of after the listing', () => {
    const roots = { ...ENDED, [`${OTHER_DIRECTORY}/chk-1`]: { age: HOUR, listed: false } };

    expect(decide({ spec: { roots } })).toEqual(['retire', 'policy']);
  });

  it('is one though its own checkpoint names the file', () => {
    const file = `${OTHER_DIRECTORY}/shared/${uuid(1)}`;
    const roots = { ...ENDED, [`${OTHER_DIRECTORY}/chk-52`]: { age: DAY + HOUR, names: [file] } };

    expect(written(DAY, { roots })).toEqual(['keep', 'starting-job']);
  });

  it('may be one of several, each of which is named', () => {
    const third = `cp/${'c'.repeat(32)}`;
    const objects = { [`${OTHER_DIRECTORY}/shared/${uuid(1)}`]: DAY, [`${third}/shared/${uuid(2)}`]: DAY };

    expect(startingJobs(world({ roots: { ...ENDED, ...before }, objects })).map(({ directory }) => directory)).toEqual([
      `${OTHER_DIRECTORY}/`,
      `${third}/`,
    ]);
  });

  it('is known by the interval of its own directory, not by that of another one of its id', () => {
    const eu = Object.fromEntries(
      [101, 102, 103, 104].map((n) => [`eu/${OTHER_JOB}/chk-${n}`, { age: (110 - n) * DAY }]),
    );
    const roots = { ...ENDED, ...before, ...eu };

    expect(written(USUAL, { roots })).toEqual(['retire', 'policy']);
    expect(written(USUAL - 1, { roots })).toEqual(['keep', 'starting-job']);
  });

  it('is known by its interval of before, as the ledger remembers it', () => {
    const roots = { ...ENDED, [`${OTHER_DIRECTORY}/chk-52`]: { age: 5 * DAY } };
    const gone = [
      { name: 'chk-49', age: 5 * DAY + 90 * MINUTE },
      { name: 'chk-50', age: 5 * DAY + 60 * MINUTE },
    ];
    const remembered = { [`${OTHER_DIRECTORY}/`]: gone };

    expect(written(USUAL, { roots })).toEqual(['keep', 'starting-job']);
    expect(written(USUAL, { roots, remembered: { [`${OTHER_DIRECTORY}/`]: gone.slice(1) } })).toEqual([
      'keep',
      'starting-job',
    ]);
    expect(written(USUAL, { roots, remembered })).toEqual(['retire', 'policy']);
    expect(written(USUAL - 1, { roots, remembered })).toEqual(['keep', 'starting-job']);
  });

  it.each([30 * DAY, DAY + MINUTE])(
    'is one also where its directory holds a savepoint alone, beside another with checkpoints',
    (age) => {
      const roots = {
        ...ENDED,
        [`eu/${OTHER_JOB}/chk-9`]: { age: MINUTE },
        [`eu/${OTHER_JOB}/chk-8`]: { age: HOUR },
        [OTHER_DIRECTORY]: { age, kind: 'savepoint-native' as const },
      };

      expect(written(DAY, { roots })).toEqual(['keep', 'starting-job']);
    },
  );

  it('does not hold up an area in which a thousand jobs complete their checkpoints, with one failing here and there', () => {
    const healthy = Array.from({ length: 1_000 }, (_, job) => `cp/${(job + 1).toString(16).padStart(32, '0')}`);
    const roots = Object.fromEntries(
      healthy.flatMap((directory) => [
        [`${directory}/chk-6`, { age: 4 * HOUR }],
        [`${directory}/chk-7`, { age: 3 * HOUR }],
        [`${directory}/chk-8`, { age: 2 * HOUR }],
      ]),
    );
    const objects = Object.fromEntries(healthy.map((directory, at) => [`${directory}/shared/${uuid(at)}`, 0]));

    expect(decide({ spec: { roots: { ...ENDED, ...roots }, objects } })).toEqual(['retire', 'policy']);
  });
});

describe('A former run of a job that writes', () => {
  const files = [1, 2, 3].map((number) => `${DIRECTORY}/shared/${uuid(number)}`);
  /** chk-8 and chk-9 of the former run, then chk-1 and chk-2. */
  const formerRun = (
    root: string,
    input: Partial<RetentionInput> = {},
    damaged = false,
    deadJobs: Readonly<Record<string, number>> = {},
  ): Scenario => ({
    root: `${DIRECTORY}/${root}`,
    input,
    spec: {
      deadJobs,
      objects: { [`${files[0]}`]: 32 * DAY, [`${files[1]}`]: 31.5 * DAY, [`${files[2]}`]: 3 * DAY },
      roots: {
        [`${DIRECTORY}/chk-8`]: { age: 31 * DAY, names: [`${files[0]}`] },
        [`${DIRECTORY}/chk-9`]: { age: 30 * DAY, names: [`${files[1]}`, ...(damaged ? ['gone/file'] : [])] },
        [`${DIRECTORY}/chk-1`]: { age: 2 * DAY, names: [`${files[2]}`] },
        [`${DIRECTORY}/chk-2`]: { age: HOUR, names: [`${files[2]}`] },
      },
    },
  });
  const former = (...run: Parameters<typeof formerRun>): readonly string[] => decide(formerRun(...run));

  it('is retired by policy, although the job runs, but for its newest restore point', () => {
    expect(former('chk-8')).toEqual(['retire', 'policy']);
    expect(former('chk-8', { running: new Set([JOB]) })).toEqual(['retire', 'policy']);
    expect(former('chk-9', { minRestorePoints: 0 })).toEqual(['keep', 'restore-points']);
  });

  it('stays where its newest checkpoint is damaged, as far as the first whole one', () => {
    expect(former('chk-8', {}, true)).toEqual(['keep', 'restore-points']);
    expect(former('chk-9', {}, true)).toEqual(['keep', 'restore-points']);
  });

  it('says so, and what its newest restore point is kept for', () => {
    const told = (root: string, input: Partial<RetentionInput> = {}) =>
      decisionOn(formerRun(root, input))?.reasons.map(({ sentence }) => sentence);

    expect(told('chk-8')).toEqual([
      'left by an earlier run under the same job id, whose newest checkpoint is older than deadAfter, not among the last 1 (keepLast)',
    ]);
    expect(told('chk-9', { minRestorePoints: 0 })).toEqual([
      'the newest restore point of an earlier run under the same job id',
    ]);
  });

  it.each([
    [0, ['retire', 'policy']],
    [1, ['keep', 'unended-job']],
  ])('has not ended where deadAfter was not over, by %i ms, when the area began to be listed', (short, expected) => {
    const names = (number: number) => [`${files[number]}`];

    const decided = decide({
      root: `${DIRECTORY}/chk-8`,
      keep: { keepLast: 2 },
      spec: {
        objects: { [`${files[0]}`]: 16 * DAY, [`${files[1]}`]: 15 * DAY, [`${files[2]}`]: -short },
        roots: {
          [`${DIRECTORY}/chk-8`]: { age: 15 * DAY, names: names(0) },
          [`${DIRECTORY}/chk-9`]: { age: 14 * DAY - short, names: names(1) },
          [`${DIRECTORY}/chk-1`]: { age: -short, names: names(2) },
        },
      },
    });

    expect(decided).toEqual(expected);
  });

  it('is all of it that may be: the run that followed is its job’s', () => {
    expect(former('chk-1')).toEqual(['keep', 'unended-job']);
    expect(former('chk-1', { running: new Set([JOB]) })).toEqual(['keep', 'running-job', 'unended-job']);
  });

  it('is retired like the rest when the job has ended', () => {
    expect(former('chk-9', {}, false, { [JOB]: 0 })).toEqual(['retire', 'policy']);
    expect(former('chk-1', {}, false, { [JOB]: 0 })).toEqual(['retire', 'policy']);
  });

  it('stays while a running job was restored from it', () => {
    expect(former('chk-8', { restoredFrom: [`s3a://bucket/${DIRECTORY}/chk-8`] })).toEqual(['keep', 'restored-from']);
  });
});

describe('A copy of a checkpoint', () => {
  const FILES = [1, 2].map((number) => `${DIRECTORY}/shared/${uuid(number)}`);
  const COPY = `backup/${JOB}/chk-2`;
  /** Two checkpoints that have ended, and what was copied of the second one ten days later, all under one label. */
  const copied = (root: string, { copies = {}, content = 'same', keep = 1, names = FILES } = {}) =>
    decide({
      root,
      keep: { keepLast: keep },
      input: { groupBy: 'label', labelOf: () => 'orders' },
      spec: {
        copies,
        objects: Object.fromEntries(FILES.map((key) => [key, 70 * DAY])),
        roots: { [OLD]: { age: 60 * DAY, names }, [NEW]: { age: 50 * DAY, names }, [COPY]: { age: 40 * DAY, names } },
      },
      alter: (evidence) => {
        for (const each of evidence.owners.all.flatMap(({ roots }) => roots)) {
          each.content = each.directory === `${OLD}/` ? 'other' : each.directory === `${COPY}/` ? content : 'same';
        }
        return evidence;
      },
    });
  const DECLARED = { 's3://bucket/cp': 's3://bucket/backup' };

  it('of equal content takes no place of its original, and goes with it', () => {
    expect(copied(NEW)).toEqual(['keep', 'keep-last', 'restore-points']);
    expect(copied(COPY)).toEqual(['keep', 'keep-last', 'restore-points']);
    expect(copied(OLD)).toEqual(['retire', 'policy']);
    expect(copied(OLD, { keep: 2 })).toEqual(['keep', 'keep-last']);
    expect(copied(COPY, { content: 'third' })).toEqual(['keep', 'keep-last', 'restore-points']);
    expect(copied(NEW, { content: 'third' })).toEqual(['retire', 'policy']);
  });

  it('in a declared copy takes none either, whatever its content, and is counted among its like', () => {
    expect(copied(NEW, { copies: DECLARED, content: 'third' })).toEqual(['keep', 'keep-last', 'restore-points']);
    expect(copied(COPY, { copies: DECLARED, content: 'third' })).toEqual(['keep', 'keep-last', 'restore-points']);
    expect(copied(OLD, { copies: DECLARED, content: 'third' })).toEqual(['retire', 'policy']);
  });

  it('without a file counts as what it is: it is worth as much', () => {
    expect(copied(NEW, { names: [] })).toEqual(['retire', 'policy']);
  });
});

describe('The snapshot that a running job was restored from', () => {
  it.each([
    `s3://bucket/${OLD}`,
    `s3a://bucket/${OLD}/`,
    `s3://bucket/${OLD}/_metadata`,
    `file:/mnt/flink/${OLD}`,
    OLD,
  ])('is known again as %s', (path) => {
    expect(decide({ input: { restoredFrom: [path] } })).toEqual(['keep', 'restored-from']);
  });

  it.each([
    `s3://bucket/${OTHER_DIRECTORY}/chk-1`,
    `s3://bucket/${NEW}`,
    `s3://bucket/${DIRECTORY}c/hk-1`,
    '<checkpoint-not-externally-addressable>',
  ])('is not %s', (path) => {
    expect(decide({ input: { restoredFrom: [path] } })).toEqual(['retire', 'policy']);
  });

  it('can be a savepoint, known by the name of its directory', () => {
    const saved = (age: number) => ({ age, kind: 'savepoint-native' as const });
    const roots = {
      ...ENDED,
      'sp/savepoint-aaaaaa-000000000001': saved(90 * DAY),
      'sp/savepoint-aaaaaa-000000000002': saved(80 * DAY),
    };
    const root = 'sp/savepoint-aaaaaa-000000000001';
    const restoredFrom = ['s3p://elsewhere/backup/savepoint-aaaaaa-000000000001'];

    expect(decide({ spec: { roots }, root })).toEqual(['retire', 'policy']);
    expect(decide({ spec: { roots }, root, input: { restoredFrom } })).toEqual(['keep', 'restored-from']);
  });
});

describe('Savepoints of a group with checkpoints', () => {
  const [first, second] = ['sp/savepoint-aaaaaa-000000000001', 'sp/savepoint-aaaaaa-000000000002'];
  const saved = (age: number, ...names: string[]): RootSpec => ({ age, kind: 'savepoint-native', names });
  const input = (minRestorePoints: number) => ({ groupBy: 'label' as const, labelOf: () => 'one', minRestorePoints });
  const keep = { keepLast: 0 };

  it('are not needed where enough checkpoints are restore points, older ones too', () => {
    const roots = { ...ENDED, [first]: saved(40 * DAY) };

    expect(decide({ spec: { roots }, keep, input: input(2), root: first })).toEqual(['retire', 'policy']);
    expect(decide({ spec: { roots }, keep, input: input(3), root: first })).toEqual(['keep', 'restore-points']);
  });

  it('are counted for savepoints, and not for checkpoints', () => {
    const roots = {
      [NEW]: { age: 50 * DAY },
      [second]: saved(55 * DAY),
      [first]: saved(60 * DAY, 'gone/1'),
      [OLD]: { age: 60 * DAY, names: ['gone/1'] },
    };
    const told = (root: string) =>
      decisionOn({ spec: { roots }, keep, input: input(3), root })?.reasons.map(({ sentence }) => sentence);

    expect(told(first)).toEqual(['damaged, and only 2 newer are restore points (minRestorePoints: 3)']);
    expect(told(OLD)).toEqual(['damaged, and only 1 newer is a restore point (minRestorePoints: 3)']);
  });
});

describe('Damaged checkpoints', () => {
  const damaged = (age: number) => ({ age, names: [`gone/${uuid(7)}`] });
  const chk = (number: number) => `${DIRECTORY}/chk-${number}`;
  const spec = {
    roots: {
      [chk(1)]: damaged(60 * DAY),
      [chk(2)]: { age: 50 * DAY },
      [chk(3)]: damaged(40 * DAY),
      [chk(4)]: { age: 30 * DAY },
      [chk(5)]: damaged(20 * DAY),
    },
  };

  it('are retired like others, and it is said', () => {
    expect(decide({ spec, root: chk(3) })).toEqual(['retire', 'policy', 'damaged']);
    expect(decide({ spec, root: chk(1) })).toEqual(['retire', 'policy', 'damaged']);
  });

  const file = (number: number) => `${DIRECTORY}/shared/${uuid(number)}`;
  const own = `${OTHER_DIRECTORY}/shared/${uuid(3)}`;
  const left = { age: 40 * DAY, names: [file(1), `gone/${uuid(7)}`] };
  /** What CLAIM leaves: a damaged checkpoint, and one of the successor that references a file beside it. */
  const claimed = (successor: RootSpec, further: WorldSpec = {}): WorldSpec => ({
    ...further,
    objects: { [file(1)]: 50 * DAY, [file(2)]: 50 * DAY, [own]: 30 * DAY, ...further.objects },
    roots: { [chk(1)]: left, [`${OTHER_DIRECTORY}/chk-2`]: successor, ...further.roots },
  });
  const SUCCESSOR = { age: 20 * DAY, names: [file(2), own] };

  it('that a job has left to its successor are retired, though nothing newer is in their directory', () => {
    expect(decide({ spec: claimed(SUCCESSOR), root: chk(1) })).toEqual(['retire', 'policy', 'damaged']);
    expect(decisionOn({ spec: claimed(SUCCESSOR), root: chk(1) })?.reasons.at(-1)?.sentence).toBe(
      'damaged: 1 of its files is missing or of another size; another job continues from its files',
    );
  });

  it.each<[string, WorldSpec]>([
    ['is damaged itself', claimed({ ...SUCCESSOR, names: [...SUCCESSOR.names, `gone/${uuid(8)}`] })],
    ['was complete before', claimed({ ...SUCCESSOR, age: 41 * DAY })],
    ['references nothing of the directory', claimed({ ...SUCCESSOR, names: [own] })],
    ['has no file of its own', claimed({ ...SUCCESSOR, names: [file(2)] })],
    ['is a copy', claimed({ ...SUCCESSOR, content: 'x' }, { roots: { backup: { ...SUCCESSOR, content: 'x' } } })],
    [
      'is of the same job, in another directory',
      claimed(
        { age: 20 * DAY, names: [own] },
        {
          objects: { [`eu/${DIRECTORY}/shared/${uuid(5)}`]: 30 * DAY },
          roots: {
            [`eu/${DIRECTORY}/chk-2`]: { age: 20 * DAY, names: [file(2), `eu/${DIRECTORY}/shared/${uuid(5)}`] },
          },
        },
      ),
    ],
  ])('stay where the checkpoint that references files of theirs %s', (_why, spec) => {
    expect(decide({ spec, root: chk(1) })).toEqual(['keep', 'keep-last', 'restore-points']);
  });

  it('stay where they are savepoints: those are for their users to give up', () => {
    const spec = claimed(SUCCESSOR, { roots: { [chk(1)]: { ...left, kind: 'savepoint-native' } } });

    expect(decide({ spec, root: chk(1) })).toEqual(['keep', 'keep-last', 'restore-points']);
  });

  it('stay where their job may go on, whoever continues', () => {
    const spec = claimed(SUCCESSOR, { objects: { [file(9)]: DAY } });

    expect(decide({ spec, root: chk(1) })[0]).toBe('keep');
    expect(decide({ spec, root: chk(1) })).toContain('unended-job');
  });

  it('stay where their job may go on, and count as the last', () => {
    const spec = claimed(SUCCESSOR, { objects: { [file(9)]: DAY } });

    expect(decide({ spec, root: chk(1) })).toEqual([
      'keep',
      'starting-job',
      'unended-job',
      'keep-last',
      'restore-points',
    ]);
  });

  it('stay where the checkpoint that references files of theirs is one without the id of its job', () => {
    const flat = { [`flat/shared/${uuid(6)}`]: 30 * DAY };
    const spec: WorldSpec = {
      objects: { [file(1)]: 50 * DAY, [file(2)]: 50 * DAY, ...flat },
      roots: { [chk(1)]: left, 'flat/chk-2': { age: 20 * DAY, names: [file(2), `flat/shared/${uuid(6)}`] } },
    };

    expect(decide({ spec, root: chk(1) })).toEqual(['keep', 'keep-last', 'restore-points']);
  });

  it('without the id of their job are left to nobody', () => {
    const [ownFile, other] = [`flat/shared/${uuid(6)}`, `flat/shared/${uuid(7)}`];
    const spec: WorldSpec = {
      objects: { [ownFile]: 50 * DAY, [other]: 50 * DAY, [own]: 30 * DAY },
      roots: {
        'flat/chk-1': { age: 40 * DAY, names: [ownFile, 'gone/1'] },
        [`${OTHER_DIRECTORY}/chk-2`]: { age: 20 * DAY, names: [other, own] },
      },
    };

    expect(decide({ spec, root: 'flat/chk-1' })).toEqual(['keep', 'unknown-job', 'keep-last', 'restore-points']);
  });

  it('alone are given up to a successor: a whole one stays', () => {
    const spec = claimed(SUCCESSOR, { roots: { [chk(1)]: { age: 40 * DAY, names: [file(1)] } } });

    expect(decide({ spec, root: chk(1) })).toEqual(['keep', 'keep-last', 'restore-points']);
  });

  it('take no place of a whole one, and stay while none is newer', () => {
    expect(decide({ spec, root: chk(5) })).toEqual(['keep', 'keep-last', 'restore-points']);
    expect(decide({ spec, root: chk(4) })).toEqual(['keep', 'keep-last', 'restore-points']);
  });
});
