import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assumeQuarantined } from '#core/collect/assume-quarantined.ts';
import type { Evidence } from '#core/collect/evidence.ts';
import { JUDGEMENTS, type Judgement, judgeAll } from '#core/collect/judge.ts';
import { amountOf, sumTallies, tally } from '#core/collect/totals.ts';
import { type JudgementRule, VERDICTS, type Verdict } from '#core/collect/verdicts.ts';
import {
  DAY,
  type Fate,
  HOUR,
  JOB,
  judge,
  MINUTE,
  NOW,
  OTHER_JOB,
  type RootSpec,
  uuid,
  type WorldSpec,
  world,
} from '#test/support/world.ts';

/**
 * What holds in every area, however its jobs have run: random directories, files, roots, times and rules. A failing
 * run prints its seed and the smallest area that shows the failure.
 */

const RUNS = { numRuns: 300 };

const DIRECTORIES = [`cp/${JOB}`, `cp/${OTHER_JOB}`, `eu/${JOB}`, `ab12/cp/${JOB}`, `log/${JOB}`, 'flat'];
const FOLDERS = [
  'chk-1',
  'chk-2',
  'chk-10',
  'shared',
  'taskowned',
  'dstl',
  `shared/job_${JOB}_op_${JOB}_0_2`,
  `taskowned/job_${JOB}_tm_worker`,
  'shared/op_Map_attempt_0/db',
];
const SAVEPOINTS = ['sp/savepoint-aaaaaa-000000000001', 'sp/savepoint-bbbbbb-000000000002', 'sp/mine'];
const ROOT_DIRECTORIES = [
  ...DIRECTORIES.flatMap((directory) => [1, 2, 9, 10].map((number) => `${directory}/chk-${number}`)),
  ...SAVEPOINTS,
];

/** Ages around every boundary of the rules. */
const age = fc
  .tuple(
    fc.constantFrom(0, 10 * MINUTE, 20 * MINUTE, HOUR, 20 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 60 * DAY),
    fc.constantFrom(-MINUTE, -1, 0, 1, MINUTE),
  )
  .map(([whole, off]) => whole + off);

/** Few names, so that copies under one base name are common. */
const name = fc.integer({ min: 1, max: 12 }).map(uuid);
const fileKey = fc.oneof(
  fc
    .tuple(fc.constantFrom(...DIRECTORIES), fc.constantFrom(...FOLDERS), name)
    .map(([directory, folder, file]) => `${directory}/${folder}/${file}`),
  fc.tuple(fc.constantFrom(...SAVEPOINTS), name).map(([directory, file]) => `${directory}/${file}`),
);
const key = fc.oneof(
  { weight: 8, arbitrary: fileKey },
  {
    weight: 1,
    arbitrary: fc.constantFrom(`cp/${JOB}/shared/`, `cp/${JOB}/notes.txt`, `cp/${JOB}/completedCheckpoint0a`),
  },
);

type Named = { readonly how: 'absolute' | 'relative' | 'elsewhere'; readonly key: string };
const named: fc.Arbitrary<Named> = fc.record({
  how: fc.oneof(
    { weight: 8, arbitrary: fc.constant('absolute' as const) },
    { weight: 1, arbitrary: fc.constantFrom('relative' as const, 'elsewhere' as const) },
  ),
  key: fileKey,
});

type DrawnRoot = Omit<RootSpec, 'names'> & { readonly names: readonly Named[] };
const drawnRoot: fc.Arbitrary<DrawnRoot> = fc.record({
  age,
  names: fc.array(named, { maxLength: 6 }),
  kind: fc.constantFrom('checkpoint', 'checkpoint', 'full-checkpoint', 'savepoint-native', 'unknown'),
  outcome: fc.oneof(
    { weight: 12, arbitrary: fc.constant('read' as const) },
    { weight: 1, arbitrary: fc.constantFrom('unreadable' as const, 'vanished' as const) },
  ),
  listed: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

interface Drawn {
  readonly objects: Readonly<Record<string, number>>;
  readonly roots: Readonly<Record<string, DrawnRoot>>;
  readonly rest: WorldSpec;
}

const remembered = fc.option(
  fc.record({ age, runs: fc.integer({ min: 0, max: 2 }), etag: fc.constantFrom('e1', 'e2', null) }),
);

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    objects: fc.dictionary(key, age, { minKeys: 1, maxKeys: 24 }),
    roots: fc.dictionary(fc.constantFrom(...ROOT_DIRECTORIES), drawnRoot, { maxKeys: 8 }),
    memory: fc.dictionary(fileKey, remembered, { maxKeys: 6 }),
    namedBefore: fc.array(fileKey, { maxLength: 6 }),
    deadJobs: fc.dictionary(fc.constantFrom(JOB, OTHER_JOB), age),
    settings: fc.record({
      checkpointTimeout: fc.constantFrom(10 * MINUTE, HOUR, 13 * HOUR),
      taskowned: fc.boolean(),
      failedSavepoints: fc.boolean(),
    }),
  })
  .map(({ objects, roots, memory, namedBefore, deadJobs, settings }) => ({
    objects,
    roots,
    rest: {
      deadJobs,
      namedBefore,
      settings,
      candidacies: Object.fromEntries(
        Object.entries(memory).map(([file, told]) => [
          file,
          told === null ? null : { since: NOW - told.age, runs: told.runs, etag: told.etag },
        ]),
      ),
    },
  }));

function specOf({ objects, roots, rest }: Drawn): WorldSpec {
  return {
    ...rest,
    objects,
    roots: Object.fromEntries(Object.entries(roots).map(([at, root]) => [at, rootSpec(root)])),
  };
}

function rootSpec({ names, ...root }: DrawnRoot): RootSpec {
  return { ...root, names: names.map(reference) };
}

function reference({ how, key: names }: Named): NonNullable<RootSpec['names']>[number] {
  switch (how) {
    case 'absolute':
      return names;
    case 'relative':
      return { path: lastSegment(names), relative: true };
    case 'elsewhere':
      return { path: `s3://far/${names}` };
  }
}

/** The keys that must stay for the sake of these roots, found without the code under test. */
function needed({ objects, roots }: Drawn): ReadonlySet<string> {
  const keep = new Set<string>();
  for (const [directory, { names }] of Object.entries(roots)) {
    for (const { how, key: target } of names) {
      const meant = how === 'relative' ? `${directory}/${lastSegment(target)}` : target;
      if (how !== 'elsewhere' && meant in objects) {
        keep.add(meant);
      } else {
        for (const copy of Object.keys(objects).filter((other) => lastSegment(other) === lastSegment(target))) {
          keep.add(copy);
        }
      }
    }
  }
  return keep;
}

function lastSegment(path: string): string {
  return path.split('/').at(-1) ?? '';
}

const GARBAGE: ReadonlySet<Verdict> = new Set(['quarantined', 'delete']);

/** How far a verdict is from keeping. */
function danger(fate: Fate | undefined): number {
  if (fate === undefined) {
    throw new Error('An object has lost its verdict.');
  }
  return fate.verdict === 'delete' ? 2 : Number(fate.verdict === 'quarantined');
}

/** The keys whose verdict is further from keeping in the second than in the first. */
function moreInDanger(before: ReadonlyMap<string, Fate>, after: ReadonlyMap<string, Fate>): readonly string[] {
  return [...before.keys()].filter((object) => danger(after.get(object)) > danger(before.get(object)));
}

function losses(drawnWorld: Drawn, judgements?: readonly Judgement[]): readonly string[] {
  const verdicts = judge(world(specOf(drawnWorld)), judgements);
  return [...needed(drawnWorld)].filter((object) => danger(verdicts.get(object)) > 0);
}

function tooYoung(drawnWorld: Drawn, judgements?: readonly Judgement[]): readonly string[] {
  const evidence = world(specOf(drawnWorld));
  const verdicts = judge(evidence, judgements);
  const bar = Math.max(evidence.settings.minAge, 2 * evidence.settings.checkpointTimeout);
  return [...verdicts.keys()].filter(
    (object) =>
      evidence.start - evidence.objects.modified(evidence.object(object)) < bar && danger(verdicts.get(object)) > 0,
  );
}

describe('in every area', () => {
  it('nothing that a root names, by path or by base name, is garbage', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        expect(losses(one)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('nothing below the minimum age is garbage', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        expect(tooYoung(one)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('every object has one verdict, and the tallies count each object once', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const evidence = world(specOf(one));
        const verdicts = judgeAll(evidence);

        const totals = tally(evidence, verdicts);

        const known = new Map(JUDGEMENTS.map(({ rule, verdict }) => [rule, verdict]));
        const counted = Object.fromEntries(VERDICTS.map((verdict) => [verdict, { objects: 0, bytes: 0 }]));
        for (let object = 0; object < evidence.objects.size; object++) {
          const verdict = verdicts.verdict(object);
          expect(known.get(verdicts.rule(object)) ?? 'delete').toBe(verdict);
          const amount = counted[verdict];
          if (amount !== undefined) {
            amount.objects++;
            amount.bytes += evidence.objects.bytes(object);
          }
        }
        expect(totals.area).toEqual(counted);
        expect(sumTallies(totals.byOwner.values())).toEqual(counted);
        expect(amountOf(totals.area).objects).toBe(evidence.objects.size);
      }),
      RUNS,
    );
  });

  it('a further root of a place of its own moves verdicts towards keeping, or shows that a directory is of a job', () => {
    const place = fc.constantFrom('new/savepoint-cccccc-000000000003', `cp/${'c'.repeat(32)}/chk-1`, 'new/flat/chk-1');

    fc.assert(
      fc.property(drawn, place, drawnRoot, (one, directory, root) => {
        const before = judge(world(specOf(one)));

        const after = judge(world(specOf({ ...one, roots: { ...one.roots, [directory]: root } })));

        // A root beside a directory, or one that references a file in it, shows that the directory is a job's.
        const wasForeign = (object: string) => before.get(object)?.rule === 'foreign-directory';
        expect(moreInDanger(before, after).filter((object) => !wasForeign(object))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('an area that becomes undecidable only moves verdicts towards keeping, and nothing goes', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const after = judge(world({ ...specOf(one), lost: ['s3://bucket/cp'] }));

        expect(moreInDanger(judge(world(specOf(one))), after)).toEqual([]);
        expect([...after.values()].filter(({ verdict }) => GARBAGE.has(verdict))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('an earlier start only moves verdicts towards keeping', () => {
    fc.assert(
      fc.property(drawn, age.map(Math.abs), (one, earlier) => {
        const evidence: Evidence = world(specOf(one));

        const before = judge({ ...evidence, start: evidence.start - earlier });

        expect(moreInDanger(judge(evidence), before)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('a look ahead releases what is in quarantine, and nothing else', () => {
    fc.assert(
      fc.property(drawn, (one) => {
        const evidence = world(specOf(one));
        const now = judge(evidence);

        const ahead = judge({ ...evidence, memory: assumeQuarantined(evidence.memory, evidence) });

        expect([...ahead].map(([object, fate]) => [object, fate.verdict])).toEqual(
          [...now].map(([object, { verdict }]) => [object, GARBAGE.has(verdict) ? 'delete' : verdict]),
        );
      }),
      RUNS,
    );
  });
});

describe('the areas that are drawn', () => {
  const finds = (
    rules: readonly JudgementRule[],
    lost: (one: Drawn, judgements: readonly Judgement[]) => readonly string[],
  ) =>
    fc.check(
      fc.property(
        drawn,
        (one) =>
          lost(
            one,
            JUDGEMENTS.filter(({ rule }) => !rules.includes(rule)),
          ).length === 0,
      ),
      { numRuns: 1000, seed: 20_260_131 },
    ).failed;

  it('are wild enough to show what each rule is good for', () => {
    expect(finds(['named-by-root'], losses)).toBe(true);
    expect(finds(['base-name'], losses)).toBe(true);
    expect(finds(['min-age'], tooYoung)).toBe(true);
  });
});
