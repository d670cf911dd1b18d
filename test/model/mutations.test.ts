import { describe, expect, it, vi } from 'vitest';
import { type Kind, lifeOf, mutatedSurvey, mutationOf, type Switch } from './mutations.ts';
import { ModelViolation } from './violation.ts';
import { useVirtualTime } from './virtual-time.ts';
import { World } from './world.ts';

const switched = vi.hoisted((): { off: ReadonlySet<Switch> } => ({ off: new Set() }));
vi.mock(import('#operations/look/survey.ts'), async (original) => {
  const actual = await original();
  return { ...actual, survey: async (input) => mutatedSurvey(await actual.survey(input), switched.off) };
});

useVirtualTime();

const STEPS = 600;

/** The first life, counted from 1, in which something is lost; null where nothing is in so many. */
async function firstLoss(off: readonly Switch[], kind: Kind, most: number): Promise<number | null> {
  const set = new Set(off);
  switched.off = set;
  for (let life = 1; life <= most; life++) {
    try {
      await new World(lifeOf(life, kind), mutationOf(set)).live(STEPS);
    } catch (error) {
      if (!(error instanceof ModelViolation)) {
        throw error;
      }
      return life;
    }
  }
  return null;
}

describe('The model notices when a rule is switched off that nothing else stands in for', () => {
  it.each<[Switch, number]>([
    ['named-by-root', 40],
    ['root', 60],
    ['unknown-name', 40],
    ['high-availability', 40],
    ['directory-marker', 40],
    ['taskowned', 60],
    ['savepoint-files', 40],
  ])('%s', async (rule, most) => {
    const life = await firstLoss([rule], {}, most);

    expect(life).not.toBeNull();
  });
});

describe('Beside a copy that is a part of the area', () => {
  const kind = (copies: 'undeclared' | 'declared'): Kind => ({ copies, flink: { layouts: ['own'] } });

  it.each(['undeclared', 'declared'] as const)('the model notices when copies are not kept: %s', async (copies) => {
    const life = await firstLoss(['copy'], kind(copies), 40);

    expect(life).not.toBeNull();
  });

  it('the model notices when nothing keeps what roots miss at its place', async () => {
    const life = await firstLoss(['base-name'], kind('undeclared'), 60);

    expect(life).not.toBeNull();
  });
});

/** Rules that stand in for one another, and a kind of life in which all of them matter. */
const GROUPS: readonly (readonly [what: string, rules: readonly Switch[], kind: Kind])[] = [
  [
    'uploads that no checkpoint names yet',
    ['min-age', 'no-later-checkpoint', 'quarantine'],
    { flink: { backends: ['rocksdb'] } },
  ],
  [
    'uploads of failed checkpoints in a job that has completed none',
    ['rootless-directory', 'no-later-checkpoint', 'quarantine'],
    { flink: { backends: ['forst', 'changelog'], neverCompletes: true, sinks: false } },
  ],
];

describe.each(GROUPS)('Of the rules that protect %s', (_what, rules, kind) => {
  it('the model notices when none holds', async () => {
    const life = await firstLoss(rules, kind, 15);

    expect(life).not.toBeNull();
  });

  // Quarantine only gains time: uploads of failed checkpoints outlive it.
  it.each(rules.filter((rule) => rule !== 'quarantine'))('%s is enough by itself', async (rule) => {
    const life = await firstLoss(
      rules.filter((other) => other !== rule),
      kind,
      15,
    );

    expect(life).toBeNull();
  });
});

describe('The order of reading', () => {
  // One listing that misses a root costs nothing by itself: what it names is too old, or has no later checkpoint, or was
  // named in the run before. test/operations/reading-order.test.ts plays the interleavings, one by one.
  it('is not the only thing that stands between a busy job and a loss', async () => {
    const kind = { busy: 0.6, shortPages: 1, flink: { backends: ['rocksdb'], layouts: ['own'] } } as const;

    const life = await firstLoss(['second-round', 'undecidable', 'read-again'], kind, 20);

    expect(life).toBeNull();
  });
});

describe('A store that contradicts itself about roots', () => {
  const kind: Kind = {
    lies: 0.2,
    rest: false,
    retains: false,
    flink: { backends: ['rocksdb', 'merging'], layouts: ['own'] },
  };

  it('would cost what a restore needs if it were believed', async () => {
    // Few lies last over two runs in which nothing else is in doubt.
    const life = await firstLoss(['contradiction'], kind, 200);

    expect(life).not.toBeNull();
  });

  it('costs nothing', async () => {
    const life = await firstLoss([], kind, 50);

    expect(life).toBeNull();
  });
});

describe('Stewards that take the lease from one another', () => {
  it('lose nothing that a restore needs: it keeps order among them, and no state alive', async () => {
    const life = await firstLoss(['lease'], { retains: false, versions: false }, 30);

    expect(life).toBeNull();
  });
});
