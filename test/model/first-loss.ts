import { vi } from 'vitest';
import type { Evidence } from '#core/collect/evidence.ts';
import type { Root } from '#core/collect/roots.ts';
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
vi.mock(import('#operations/ledger/run-memory.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    pinnedIn: (...input) => (switched.off.has('pins-again') ? () => false : actual.pinnedIn(...input)),
  };
});
vi.mock(import('#core/retention/successors.ts'), async (original) => {
  const actual = await original();
  class LooseSuccessors extends actual.Successors {
    readonly #roots: readonly Root[];
    readonly #directory: (object: number) => string;

    constructor(evidence: Evidence) {
      super(evidence);
      this.#roots = evidence.reachability.roots;
      this.#directory = (object) => evidence.objects.directory(object).class.base;
    }

    override took(...[id, owner]: Parameters<InstanceType<typeof actual.Successors>['took']>): boolean {
      const names = ({ objects, class: { job } }: Root): boolean =>
        job !== owner.job && [...objects].some((object) => id.endsWith(`:${this.#directory(object)}`));
      return switched.off.has('loose-successors') ? this.#roots.some(names) : super.took(id, owner);
    }
  }
  return { ...actual, Successors: LooseSuccessors };
});
vi.mock(import('#core/collect/folder-markers.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    withMarkers: (facts) => (switched.off.has('folder-markers') ? facts.directories : actual.withMarkers(facts)),
  };
});
vi.mock(import('#core/collect/former-runs.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    formerRuns: (input) =>
      actual.formerRuns(
        switched.off.has('loose-former-runs') ? { ...input, settings: { deadAfter: 1, minAge: 1 } } : input,
      ),
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

/** Which lives are lived. */
export interface Lives {
  /** Seed of the first one. @default 1 */
  readonly from?: number;
  readonly most: number;
  /** Of each. @default 600 */
  readonly steps?: number;
  /** Hears what was lost. */
  readonly tell?: (loss: ModelViolation) => void;
}

/** The seed of the first life in which something is lost; null where nothing is in so many. */
export async function firstLoss(
  off: readonly Switch[],
  kind: Kind,
  { from = 1, most, steps = 600, tell }: Lives,
): Promise<number | null> {
  const set = new Set(off);
  switched.off = set;
  for (let seed = from; seed < from + most; seed++) {
    try {
      await new World(lifeOf(seed, kind), mutationOf(set)).live(steps);
    } catch (error) {
      if (!(error instanceof ModelViolation)) {
        throw error;
      }
      tell?.(error);
      return seed;
    }
  }
  return null;
}

/** What happens in so many lives of a kind, by the names of {@link World.counts}. @throws where something is lost or stays. */
export async function liveKind(kind: Kind, { from = 1, most, steps = 600 }: Lives): Promise<World['counts'][]> {
  switched.off = new Set();
  const counts: World['counts'][] = [];
  for (let seed = from; seed < from + most; seed++) {
    const world = new World(lifeOf(seed, kind));
    await world.live(steps);
    counts.push(world.counts);
  }
  return counts;
}
