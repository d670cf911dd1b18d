import { vi } from 'vitest';
import type { Evidence } from '#core/collect/evidence.ts';
import type { Owner } from '#core/collect/owners.ts';
import type { Root } from '#core/collect/roots.ts';
import './ledger-off.ts';
import { mutatedSurvey } from './mutations.ts';
import './store-off.ts';
import { allOff, isOff } from './switches.ts';

/** Takes rules out of the code itself, for the whole of a test file that imports this. */

vi.mock(import('#operations/look/survey.ts'), async (original) => {
  const actual = await original();
  return { ...actual, survey: async (input) => mutatedSurvey(await actual.survey(input), allOff()) };
});
vi.mock(import('#core/retention/decide.ts'), async (original) => {
  const actual = await original();
  const isOn = ({ rule }: (typeof actual.RETENTION_RULES)[number]): boolean => !isOff(`retain: ${rule}`);
  return {
    ...actual,
    decideRetention: (evidence, input) => actual.decideRetention(evidence, input, actual.RETENTION_RULES.filter(isOn)),
  };
});
vi.mock(import('#core/retention/groups.ts'), async (original) => {
  const actual = await original();
  const { groupRoots, NO_DIGITS } = actual;
  const counted = (root: Root): Root =>
    root.class.savepointOf === NO_DIGITS ? { ...root, class: { ...root.class, savepointOf: '000001' } } : root;
  return {
    ...actual,
    groupRoots: (owners, grouping) => {
      if (!isOff('zero-digits')) return groupRoots(owners, grouping);
      const roots = new Map(owners.all.flatMap((owner) => owner.roots.map((root) => [counted(root), root])));
      const known = new Map([...roots].map(([stand, root]) => [root, stand]));
      const all = new Map<Owner, Owner>(
        owners.all.map((owner) => [{ ...owner, roots: owner.roots.map((root) => known.get(root) ?? root) }, owner]),
      );
      return groupRoots({ all: [...all.keys()] }, grouping).map((group) => ({
        ...group,
        members: group.members.map((member) => ({
          ...member,
          root: roots.get(member.root) ?? member.root,
          owner: all.get(member.owner) ?? member.owner,
        })),
      }));
    },
  };
});
vi.mock(import('#operations/look/read-root.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    readRoot: (input, ...listed) => {
      if (!isOff('first-seen-contents')) return actual.readRoot(input, ...listed);
      return actual.readRoot({ ...input, memory: { ...input.memory, remembered: () => null } }, ...listed);
    },
  };
});
vi.mock(import('#core/collect/rootless-directories.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    rootlessDirectories: (...input) => {
      const { directories, changelogs } = actual.rootlessDirectories(...input);
      const isKept = ([id]: readonly [string, number]): boolean =>
        !(isOff('entropy-ownership') && id.includes('/entropic/')) &&
        !(isOff('changelog-ownership') && id.includes('/changelog/'));
      return {
        directories: new Map([...directories].filter(isKept)),
        changelogs: isOff('changelog-ownership') ? new Map() : changelogs,
      };
    },
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
      return isOff('loose-successors') ? this.#roots.some(names) : super.took(id, owner);
    }
  }
  return { ...actual, Successors: LooseSuccessors };
});
vi.mock(import('#core/collect/folder-markers.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    withMarkers: (facts) => (isOff('folder-markers') ? facts.directories : actual.withMarkers(facts)),
  };
});
vi.mock(import('#core/collect/former-runs.ts'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    formerRuns: (input) =>
      actual.formerRuns(isOff('loose-former-runs') ? { ...input, settings: { deadAfter: 1, minAge: 1 } } : input),
  };
});

export { switchOff } from './switches.ts';
