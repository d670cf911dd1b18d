import { vi } from 'vitest';
import { type Kind, lifeOf, mutatedSurvey, mutationOf, type Switch } from './mutations.ts';
import { ModelViolation } from './violation.ts';
import { World } from './world.ts';

/** Lives with rules switched off, until one loses something. */

const switched = vi.hoisted((): { off: ReadonlySet<Switch> } => ({ off: new Set() }));
vi.mock(import('#operations/look/survey.ts'), async (original) => {
  const actual = await original();
  return { ...actual, survey: async (input) => mutatedSurvey(await actual.survey(input), switched.off) };
});
vi.mock(import('#core/retention/decide.ts'), async (original) => {
  const actual = await original();
  const isOn = ({ rule }: (typeof actual.RETENTION_RULES)[number]): boolean => !switched.off.has(`retain: ${rule}`);
  return {
    ...actual,
    decideRetention: (evidence, input) => actual.decideRetention(evidence, input, actual.RETENTION_RULES.filter(isOn)),
  };
});
vi.mock(import('#core/collect/rootless-directories.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    rootlessDirectories: (...input) => {
      const { directories, changelogs } = actual.rootlessDirectories(...input);
      const isKept = ([id]: readonly [string, number]): boolean =>
        !(switched.off.has('entropy-ownership') && id.includes('/entropic/')) &&
        !(switched.off.has('changelog-ownership') && id.includes('/changelog/'));
      return {
        directories: new Map([...directories].filter(isKept)),
        changelogs: switched.off.has('changelog-ownership') ? new Map() : changelogs,
      };
    },
  };
});
vi.mock(import('#operations/ledger/state.ts'), async (original) => {
  const actual = await original();
  const seen = (state: Awaited<ReturnType<typeof actual.readState>>): typeof state =>
    switched.off.has('pause') ? { ...state, paused: null } : state;
  return {
    ...actual,
    readState: async (store) => seen(await actual.readState(store)),
    updateState: async (store, update) => seen(await actual.updateState(store, update)),
  };
});

const STEPS = 600;

/** Which lives are lived. */
export interface Lives {
  /** Seed of the first one. @default 1 */
  readonly from?: number;
  readonly most: number;
}

/** The seed of the first life in which something is lost; null where nothing is in so many. */
export async function firstLoss(off: readonly Switch[], kind: Kind, { from = 1, most }: Lives): Promise<number | null> {
  const set = new Set(off);
  switched.off = set;
  for (let seed = from; seed < from + most; seed++) {
    try {
      await new World(lifeOf(seed, kind), mutationOf(set)).live(STEPS);
    } catch (error) {
      if (!(error instanceof ModelViolation)) {
        throw error;
      }
      return seed;
    }
  }
  return null;
}
