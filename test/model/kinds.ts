import type { Kind, Switch } from './mutations.ts';

/** Kinds of lives in which certain rules matter. */

const OWN = { layouts: ['own'] } as const;
const TWO_CLUSTERS = { ...OWN, clusters: [1, 2] } as const;

/** A place that is named twice, or by another name, is lost where nothing else keeps its files. */
export const TWICE: Kind = { naming: 'twice', retains: false, flink: OWN };
export const UNDECLARED_ALIAS: Kind = { naming: 'undeclared alias', retains: false, flink: OWN };
export const TWO_LEDGERS: Kind = { naming: 'two ledgers', flink: OWN };
export const PART: Kind = { naming: 'part', flink: TWO_CLUSTERS };

export function copied(copies: 'undeclared' | 'declared'): Kind {
  return { copies, flink: OWN };
}

/** Jobs go on from any snapshot, under any id, while others are retired. */
export const RESTORED: Kind = { retains: true, rest: false, flink: OWN };

/** Jobs in the area and around it go on from checkpoints of each other. */
export const TOO_SMALL: Kind = {
  scope: { area: ['flink/cp/'], isTooSmall: true, protects: null, retains: null },
  retains: false,
  lies: 0,
  flink: TWO_CLUSTERS,
};

export const PAUSED: Kind = { pauses: 8 };

export const LIES: Kind = {
  lies: 0.2,
  rest: false,
  retains: false,
  flink: { backends: ['rocksdb', 'merging'], layouts: ['own'] },
};

export const DENIED: Kind = { ...LIES, lieKinds: 'denied' };
export const OLDER: Kind = { ...LIES, lieKinds: 'older' };

const ALONE_IN_THE_BUCKET = {
  rest: false,
  declares: false,
  retains: false,
  pins: 0,
  pauses: 0,
  lies: 0,
  shortPages: 0,
} as const;
export const CHANGELOG_TWINS: Kind = {
  ...ALONE_IN_THE_BUCKET,
  flink: { ...TWO_CLUSTERS, twins: 'changelog', stuck: 0 },
};
export const ENTROPY_TWINS: Kind = {
  ...ALONE_IN_THE_BUCKET,
  flink: { layouts: ['own', 'entropy'], clusters: [1, 3], twins: 'entropy', stuck: 0 },
};
export const RENAMED: Kind = { renames: 0.02, retains: true, lies: 0, flink: OWN };
export const PINNED: Kind = { retains: true, pins: 6, flink: OWN };
export const FOREIGN: Kind = { lies: 0, retains: false };
/** A job is started from an old checkpoint of another one, and completes none. */
const STARTED: Kind = { ...ALONE_IN_THE_BUCKET, retains: true, versions: false };
export const UPLOADS: Kind = { ...STARTED, flink: { ...OWN, starts: 'uploads', stuck: 0 } };
export const FOLDERS: Kind = { ...STARTED, flink: { ...OWN, starts: 'folders', stuck: 0, makesDirectories: true } };
export const AGAIN: Kind = { ...STARTED, flink: { ...OWN, starts: 'again', stuck: 0 } };

/** Lives as most people have them: in each all garbage goes, and retiring goes on. */
const ORDINARY_FLINKS: readonly { readonly what: string; readonly flink: NonNullable<Kind['flink']> }[] = [
  { what: 'entropy in the paths', flink: { layouts: ['entropy'], clusters: [1] } },
  { what: 'a base path of its own for the changelog', flink: { ...OWN, backends: ['changelog'] } },
  {
    what: 'leftovers of jobs whose checkpoints others claimed, in a store without folders',
    flink: { ...OWN, backends: ['rocksdb', 'forst'], makesDirectories: false },
  },
  { what: 'one retained checkpoint', flink: { ...OWN, retained: [1] } },
  { what: 'cancelled jobs', flink: { ...OWN, cancels: 1.5 } },
];
export const ORDINARY: readonly { readonly what: string; readonly kind: Kind }[] = ORDINARY_FLINKS.map(
  ({ what, flink }) => ({
    what,
    kind: { settles: true, retains: true, lies: 0, flink: { clusters: [1], stuck: 0, sharesIds: 0, ...flink } },
  }),
);

/** Rules that stand in for one another, and a kind of life in which all of them matter. */
export interface Group {
  readonly what: string;
  readonly rules: readonly Switch[];
  readonly kind: Kind;
  /** Seed of the first life, where earlier ones show nothing. @default 1 */
  readonly from?: number;
  /** Those that are not enough by themselves. */
  readonly weak?: readonly Switch[];
}

export const GROUPS: readonly Group[] = [
  {
    what: 'uploads that no checkpoint names yet',
    rules: ['min-age', 'no-later-checkpoint', 'quarantine'],
    kind: { flink: { backends: ['rocksdb'] } },
    from: 15,
    // It only gains time: uploads of failed checkpoints outlive it.
    weak: ['quarantine'],
  },
  {
    what: 'uploads of failed checkpoints in a job that has completed none',
    rules: ['rootless-directory', 'no-later-checkpoint', 'quarantine'],
    kind: { flink: { backends: ['forst', 'changelog'], stuck: 1, sinks: false } },
    weak: ['quarantine'],
  },
  { what: 'a root that is pinned', rules: ['retain: pinned', 'pins-again'], kind: PINNED },
  { what: 'a place that is named twice', rules: ['markers', 'copy'], kind: TWICE },
  { what: 'a place with another name', rules: ['undecidable', 'base-name'], kind: UNDECLARED_ALIAS },
];
