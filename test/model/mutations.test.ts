import { describe, expect, it } from 'vitest';
import { firstLoss } from './first-loss.ts';
import {
  AGAIN,
  CHANGELOG_TWINS,
  copied,
  DENIED,
  ENTROPY_TWINS,
  FOLDERS,
  FOREIGN,
  GROUPS,
  OLDER,
  PAUSED,
  RENAMED,
  TOO_SMALL,
  TWO_LEDGERS,
  UPLOADS,
} from './kinds.ts';
import type { Kind, Switch } from './mutations.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

interface Case {
  readonly rule: Switch;
  readonly kind: Kind;
  /** In so many lives it is noticed at the latest. */
  readonly most: number;
  /** Seed of the first of them, where the first ones show nothing. @default 1 */
  readonly from?: number;
}

// Not here: of two jobs of one id the savepoints of one are lost only once its directory is gone. Where no run saw that
// directory nobody can know; test/core/retention/groups.test.ts and keep-reasons.test.ts hold the rule where one did.
const ALONE: readonly Case[] = [
  { rule: 'named-by-root', kind: {}, most: 40 },
  { rule: 'root', kind: {}, most: 60 },
  { rule: 'unknown-name', kind: {}, most: 40 },
  { rule: 'high-availability', kind: {}, most: 40 },
  { rule: 'directory-marker', kind: {}, most: 40 },
  { rule: 'taskowned', kind: {}, most: 40, from: 45 },
  { rule: 'savepoint-files', kind: {}, most: 40 },
  { rule: 'pause', kind: PAUSED, most: 20 },
  { rule: 'markers', kind: TWO_LEDGERS, most: 20 },
  { rule: 'scope', kind: TOO_SMALL, most: 40, from: 7 },
  { rule: 'copy', kind: copied('undeclared'), most: 40, from: 14 },
  { rule: 'copy', kind: copied('declared'), most: 40, from: 14 },
  { rule: 'foreign-directory', kind: FOREIGN, most: 40, from: 4 },
  { rule: 'named-by-renamed-root', kind: RENAMED, most: 40, from: 8 },
  { rule: 'changelog-ownership', kind: CHANGELOG_TWINS, most: 40 },
  { rule: 'entropy-ownership', kind: ENTROPY_TWINS, most: 40, from: 9 },
  { rule: 'contradiction', kind: DENIED, most: 40, from: 60 },
  { rule: 'read-etags', kind: OLDER, most: 40, from: 20 },
  { rule: 'retain: starting-job', kind: UPLOADS, most: 40 },
  { rule: 'loose-successors', kind: AGAIN, most: 40 },
  { rule: 'folder-markers', kind: FOLDERS, most: 40 },
];

describe('The model notices when a rule is switched off that nothing else stands in for', () => {
  it.each(ALONE)('$rule', async ({ rule, kind, ...lives }) => {
    const life = await firstLoss([rule], kind, { ...lives, steps: 1200 });

    expect(life).not.toBeNull();
  });
});

// That each of them is enough by itself: mutations.deep.ts.
describe('The model notices when none of the rules holds that protect', () => {
  it.each(GROUPS)('$what', async ({ rules, kind, from = 1 }) => {
    const life = await firstLoss(rules, kind, { from, most: 20 });

    expect(life).not.toBeNull();
  });
});
