import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRestorePoint } from '#core/collect/roots.ts';
import {
  decideRetention,
  RETENTION_RULES,
  type RetentionDecision,
  type RetentionRule,
} from '#core/retention/decide.ts';
import type { Keep, RetentionInput } from '#core/retention/policy.ts';
import { DAY, type RootSpec, uuid, type WorldSpec, world } from '#test/support/world.ts';

/** What holds of retention in every area and under every policy. A failing run prints its seed. */

const RUNS = { numRuns: 100 };

const JOBS = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
const DIRECTORIES = [...JOBS.map((job) => `cp/${job}`), `eu/${JOBS[0]}`, 'flat'];
const CHECKPOINTS = DIRECTORIES.flatMap((directory) => [1, 2, 9, 10].map((number) => `${directory}/chk-${number}`));
const SAVEPOINTS = ['aaaaaa', 'bbbbbb', 'dddddd'].flatMap((digits) =>
  [1, 2].map((number) => `sp/savepoint-${digits}-00000000000${number}`),
);

const age = fc.integer({ min: 0, max: 40 }).map((days) => days * DAY);

/** Mostly in the order of the numbers: the greater, the younger. */
function rootAt(directory: string): fc.Arbitrary<readonly [string, RootSpec]> {
  const number = Number(/chk-(\d+)$/.exec(directory)?.[1] ?? 0);
  return fc
    .record({
      age: fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 30, max: 33 }).map((days) => (days - 2 * number) * DAY) },
        { weight: 1, arbitrary: age },
        // As of a former run under the same id.
        { weight: 3, arbitrary: fc.integer({ min: 70, max: 110 }).map((days) => (days - number) * DAY) },
      ),
      fault: fc.oneof(
        { weight: 4, arbitrary: fc.constant('none' as const) },
        { weight: 1, arbitrary: fc.constantFrom('damaged' as const, 'outside' as const, 'vanished' as const) },
      ),
      kind: directory.startsWith('sp/')
        ? fc.constantFrom('savepoint-native' as const, 'savepoint-canonical' as const)
        : fc.constantFrom('checkpoint' as const, 'checkpoint' as const, 'full-checkpoint' as const),
    })
    .map(({ age: itsAge, fault, kind }) => [
      directory,
      {
        age: itsAge,
        kind,
        outcome: fault === 'vanished' ? ('vanished' as const) : ('read' as const),
        names: [
          // Its own file: roots that reference none are never told to be of a former run.
          `${directory}/${uuid(1)}`,
          ...(fault === 'damaged' ? ['gone/file'] : fault === 'outside' ? [{ path: 's3://far/file' }] : []),
        ],
      },
    ]);
}

const keep: fc.Arbitrary<Keep> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Keep>('all', {}) },
  {
    weight: 6,
    arbitrary: fc.record({ keepLast: fc.integer({ min: 0, max: 3 }), keepWithin: age }, { requiredKeys: [] }),
  },
);

interface Drawn {
  readonly spec: WorldSpec;
  readonly input: RetentionInput;
}

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    roots: fc
      .subarray([...CHECKPOINTS, ...SAVEPOINTS], { maxLength: 14 })
      .chain((directories) => fc.tuple(...directories.map(rootAt))),
    files: fc.dictionary(
      fc.constantFrom(...DIRECTORIES.map((directory) => `${directory}/shared/`)),
      fc.integer({ min: 10, max: 40 }).map((days) => days * DAY),
      { maxKeys: 2 },
    ),
    deadJobs: fc.dictionary(
      fc.constantFrom(...JOBS),
      fc.integer({ min: 0, max: 10 }).map((days) => days * DAY),
    ),
    pinned: fc.boolean(),
    running: fc.subarray(JOBS, { maxLength: 1 }),
    endedJobs: keep,
    savepoints: keep,
    minRestorePoints: fc.integer({ min: 1, max: 3 }),
    groupBy: fc.constantFrom('job' as const, 'label' as const),
  })
  .map(({ roots, files, deadJobs, pinned, running, endedJobs, savepoints, minRestorePoints, groupBy }) => ({
    spec: {
      outside: ['s3://far'],
      // Those of a retired root are still there, so its job does not disappear with it.
      objects: { ...files, ...Object.fromEntries(roots.map(([at, root]) => [`${at}/${uuid(1)}`, root.age])) },
      roots: Object.fromEntries(roots),
      deadJobs,
      pinned: pinned ? roots.slice(0, 1).map(([directory]) => directory) : [],
    },
    input: {
      policies: [{ matches: () => true, endedJobs, savepoints }],
      minRestorePoints,
      groupBy,
      labelOf: ({ base }) => base.slice(0, 2),
      isLabelledByPath: () => false,
      running: new Set(running),
      restoredFrom: [],
    },
  }));

function decide({ spec, input }: Drawn, without?: RetentionRule): readonly RetentionDecision[] {
  return decideRetention(
    world(spec),
    input,
    RETENTION_RULES.filter(({ rule }) => rule !== without),
  );
}

function directoryOf({ root }: RetentionDecision): string {
  return root.directory.replace(/\/$/, '');
}

function retired(one: Drawn, without?: RetentionRule): readonly string[] {
  return decide(one, without)
    .filter(({ action }) => action === 'retire')
    .map(directoryOf);
}

/** The groups of which too few verified restore points would stay. */
function stripped(one: Drawn, without?: RetentionRule): readonly string[] {
  const groups = new Map<string, { had: number; left: number }>();
  for (const { root, group, action } of decide(one, without)) {
    if (root.class.role === 'checkpoint' && isRestorePoint(root)) {
      const counted = groups.get(group.id) ?? { had: 0, left: 0 };
      counted.had++;
      counted.left += Number(action === 'keep');
      groups.set(group.id, counted);
    }
  }
  return [...groups]
    .filter(([, { had, left }]) => left < Math.min(had, one.input.minRestorePoints))
    .map(([group]) => group);
}

function withKeep(one: Drawn, endedJobs: Keep): Drawn {
  return { ...one, input: { ...one.input, policies: [{ matches: () => true, endedJobs, savepoints: endedJobs }] } };
}

describe('In every area', () => {
  it('enough verified restore points of every group stay, or all that there are', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        expect(stripped(one)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('every root that was there is decided on once, with a reason, group by group', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const decisions = decide(one);

        const there = Object.entries(one.spec.roots ?? {}).filter(([, { outcome }]) => outcome !== 'vanished');
        expect(decisions.map(directoryOf).sort()).toEqual(there.map(([directory]) => directory).sort());
        expect(decisions.every(({ reasons }) => reasons.length > 0)).toBe(true);
        const ids = decisions.map(({ group }) => group.id);
        expect(ids.filter((id, at) => id !== ids[at - 1])).toEqual([...new Set(ids)]);
      }),
      RUNS,
    );
  });

  it('a greater keepLast retires nothing more', () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 0, max: 4 }), (one, keepLast) => {
        const few = retired(withKeep(one, { keepLast }));
        const more = retired(withKeep(one, { keepLast: keepLast + 1 }));

        expect(more.filter((directory) => !few.includes(directory))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('once all is retired that may be, nothing more is, while time stands still', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const gone = new Set(retired(one));
        const left = Object.entries(one.spec.roots ?? {}).filter(([directory]) => !gone.has(directory));

        expect(retired({ ...one, spec: { ...one.spec, roots: Object.fromEntries(left) } })).toEqual([]);
      }),
      RUNS,
    );
  });

  it('that is undecidable nothing is retired', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        expect(retired({ ...one, spec: { ...one.spec, lost: ['s3://bucket/cp'] } })).toEqual([]);
      }),
      RUNS,
    );
  });

  it('the order in which roots were read makes no difference', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const roots = Object.fromEntries(Object.entries(one.spec.roots ?? {}).reverse());
        const told = (decisions: readonly RetentionDecision[]) =>
          decisions.map((decision) => [directoryOf(decision), decision.action, decision.group.id]);

        expect(told(decide({ ...one, spec: { ...one.spec, roots } }))).toEqual(told(decide(one)));
      }),
      RUNS,
    );
  });
});

/** The rules that areas of this kind can show; a case for each of all is beside their functions. */
const SHOWN: ReadonlySet<string> = new Set([
  'distrusted-times',
  'pinned',
  'running-job',
  'unended-job',
  'keep-all',
  'keep-last',
  'keep-within',
  'restore-points',
]);

describe('The areas that are drawn', () => {
  const finds = (holds: (one: Drawn) => boolean) =>
    fc.check(fc.property(drawn, holds), { numRuns: 1000, seed: 20_260_131, endOnFailure: true }).failed;

  it('are wild enough to show what the restore points are good for', () => {
    expect(finds((one) => stripped(one, 'restore-points').length === 0)).toBe(true);
  });

  it.each(RETENTION_RULES.map(({ rule }) => rule).filter((rule) => SHOWN.has(rule)))(
    'retire more where %s is switched off',
    (rule) => {
      expect(finds((one) => retired(one, rule).length === retired(one).length)).toBe(true);
    },
  );
});
