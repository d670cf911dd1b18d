import { vi } from 'vitest';
import type { Evidence } from '#core/collect/evidence.ts';
import type { Root } from '#core/collect/roots.ts';
import { mutatedSurvey, type Switch } from './mutations.ts';

/** Takes rules out of the code itself, for the whole of a test file that imports this. */

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

/** From now on these rules are off, and no others. */
export function switchOff(off: ReadonlySet<Switch>): void {
  switched.off = off;
}
