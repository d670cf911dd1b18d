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

export const PAUSED: Kind = { pauses: 8 };

export const LIES: Kind = {
  lies: 0.2,
  rest: false,
  retains: false,
  flink: { backends: ['rocksdb', 'merging'], layouts: ['own'] },
};

/** Rules that stand in for one another, and a kind of life in which all of them matter. */
export interface Group {
  readonly what: string;
  readonly rules: readonly Switch[];
  readonly kind: Kind;
  /** Those that are not enough by themselves. */
  readonly weak?: readonly Switch[];
}

export const GROUPS: readonly Group[] = [
  {
    what: 'uploads that no checkpoint names yet',
    rules: ['min-age', 'no-later-checkpoint', 'quarantine'],
    kind: { flink: { backends: ['rocksdb'] } },
    // It only gains time: uploads of failed checkpoints outlive it.
    weak: ['quarantine'],
  },
  {
    what: 'uploads of failed checkpoints in a job that has completed none',
    rules: ['rootless-directory', 'no-later-checkpoint', 'quarantine'],
    kind: { flink: { backends: ['forst', 'changelog'], stuck: 1, sinks: false } },
    weak: ['quarantine'],
  },
  { what: 'a place that is named twice', rules: ['markers', 'copy'], kind: TWICE },
  { what: 'a place with another name', rules: ['undecidable', 'base-name'], kind: UNDECLARED_ALIAS },
];
