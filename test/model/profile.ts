import { type CollectSettings, DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { Chance } from './chance.ts';
import type { FlinkRules } from './flink/flink.ts';
import type { LieKinds } from './lying-store.ts';
import type { Naming } from './naming.ts';
import { anyScope, type Scope, WHOLE_BUCKET } from './scope.ts';
import type { Policy } from './steward.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TIMEOUT = 10 * MINUTE;

/** What is possible in one life. */
export interface Profile {
  readonly seed: number;
  readonly settings: CollectSettings;
  readonly flink: FlinkRules;
  /** Whether the bucket keeps versions. */
  readonly versions: boolean;
  readonly rest: boolean;
  readonly retains: boolean;
  readonly declares: boolean;
  /** How often people pin and pause, by the weight of each beside that of a run. */
  readonly pins: number;
  readonly pauses: number;
  /** Whether a steward sees that the process of another one has ended, and need not wait for its lease. */
  readonly sameHost: boolean;
  /** Whether Flink comes to rest at the end, and everything is cleaned up. */
  readonly settles: boolean;
  /** Whether it counts as a loss when leftovers of savepoints go. */
  readonly savepointsAreUsers: boolean;
  /** How often Flink moves between two calls of a steward, 0 to 1. */
  readonly busy: number;
  /** How likely a reading of a root begins a time in which the store denies it or gives an older content, 0 to 1. */
  readonly lies: number;
  /** What such a time is: the root is denied, or an older content given, which may be that of another one beside it. */
  readonly lieKinds: LieKinds;
  /** How often somebody copies a `_metadata` to another name, 0 to 1, in each move of Flink. */
  readonly renames: number;
  /** Whether a second location is a copy of the first, and whether that is declared. */
  readonly copies: 'none' | 'undeclared' | 'declared';
  readonly naming: Naming;
  readonly scope: Scope;
  /** How often a steward sees listings in pages of a few objects, 0 to 1. */
  readonly shortPages: number;
  /** How many shards a collection may have; 0 where each is done in one piece. */
  readonly shards: number;
  /** How many roots a policy keeps. */
  readonly policy: Policy;
  /** In how many errands calls fail, 0 to 1, and how many of the calls there. */
  readonly faults: { readonly errands: number; readonly calls: number };
}

/** The settings as sharp as the configuration allows: twice the timeout for age and quarantine. */
const SHARPEST: CollectSettings = {
  ...DEFAULT_COLLECT_SETTINGS,
  checkpointTimeout: TIMEOUT,
  minAge: 2 * TIMEOUT,
  quarantine: 2 * TIMEOUT,
  deadAfter: 3 * HOUR,
  abandonedAfter: 6 * HOUR,
  maxDeleteFraction: 1,
  taskownedMinAge: 24 * HOUR,
};

const COPIES = ['none', 'none', 'none', 'none', 'undeclared', 'declared'] as const;

const NAMINGS: readonly Naming[] = [
  ...Array<Naming>(6).fill('right'),
  'alias',
  'undeclared alias',
  'twice',
  'two ledgers',
  'two ledgers',
  'part',
];

function clustersOf(chance: Chance, layouts: FlinkRules['layouts']): FlinkRules['clusters'] {
  const others = layouts.includes('entropy') ? ([1, 3] as const) : ([1, 2] as const);
  return chance.in(0.4) ? others : [1];
}

export function profileOf(seed: number, settings: Partial<CollectSettings> = {}): Profile {
  const chance = new Chance(seed ^ 0x5eed);
  const taskowned = chance.in(0.2);
  const retains = chance.in(0.5);
  const rest = chance.in(0.3);
  const layouts = chance.pick<FlinkRules['layouts']>([
    ['own'],
    ['own'],
    ['own'],
    ['own', 'flat'],
    ['own', 'flat'],
    ['own', 'entropy'],
  ]);
  // By a chance of its own: without a copy a life goes as it did before there was one. Where no path tells the job, a
  // copy is another job's for all that anybody can see.
  const copies = layouts.length > 1 ? 'none' : new Chance(seed ^ 0xc0b1e5).pick(COPIES);
  const naming = layouts.length > 1 || copies !== 'none' ? 'right' : new Chance(seed ^ 0x4a3e1).pick(NAMINGS);
  return {
    seed,
    settings: { ...SHARPEST, taskowned, ...settings },
    flink: {
      timeout: TIMEOUT,
      longestMaterialisation: 40 * MINUTE,
      layouts,
      backends: ['rocksdb', 'rocksdb', 'forst', 'changelog', 'merging'],
      sinks: !taskowned,
      sharesIds: 0.3,
      stuck: new Chance(seed ^ 0x510).in(0.2) ? 0.4 : 0,
      clusters: clustersOf(new Chance(seed ^ 0x2c1), layouts),
      makesDirectories: new Chance(seed ^ 0x53a).in(0.4),
    },
    versions: chance.in(0.3),
    rest,
    retains,
    declares: chance.in(0.4),
    pins: 0.5,
    pauses: 0.3,
    sameHost: chance.in(0.5),
    settles: chance.in(0.5) && naming !== 'twice' && naming !== 'undeclared alias',
    savepointsAreUsers: true,
    busy: 0.2,
    shortPages: 0.4,
    lies: chance.in(0.2) ? 0.01 : 0,
    lieKinds: 'both',
    renames: new Chance(seed ^ 0x3a9).in(0.2) ? 0.01 : 0,
    copies,
    naming,
    scope: WHOLE_BUCKET,
    shards: 0,
    policy: { keepLast: 1, minRestorePoints: 1 },
    faults: { errands: 0.3, calls: 0.01 },
  };
}

/** The same life by settings that are drawn at random: every time, number and place that an operator may set. */
export function shakenProfileOf(seed: number): Profile {
  const chance = new Chance(seed ^ 0x5ba4e);
  const profile = profileOf(seed);
  const { naming, copies, flink } = profile;
  const isOneNameOnly = naming === 'right' && copies === 'none';
  // By a chance of its own: the times of a life stay as they were before there was a scope.
  const scope = anyScope(new Chance(seed ^ 0x5c09e), flink.layouts, isOneNameOnly);
  const checkpointTimeout = TIMEOUT * chance.pick([1, 1, 2, 6]);
  const deadAfter = chance.pick([3, 5, 12, 48]) * HOUR;
  const settings: CollectSettings = {
    ...profile.settings,
    checkpointTimeout,
    // Twice the timeout, as sharp as the configuration allows, or more.
    minAge: 2 * checkpointTimeout * chance.pick([1, 1, 3, 10]),
    quarantine: 2 * checkpointTimeout * chance.pick([1, 1, 3, 10]),
    deadAfter,
    abandonedAfter: deadAfter * chance.pick([1, 2, 4]),
    taskownedMinAge: chance.pick([6, 24, 72]) * HOUR,
    failedSavepoints: chance.in(0.3),
  };
  const drawn = {
    ...profile,
    settings,
    savepointsAreUsers: !settings.failedSavepoints,
    retains: chance.in(0.7),
    policy: { keepLast: chance.between(1, 3), minRestorePoints: chance.between(1, 3) },
    shards: chance.pick([0, 1, 2, 3, 5]),
    faults: { errands: chance.pick([0.1, 0.3, 0.8]), calls: chance.pick([0.003, 0.01, 0.05]) },
    scope,
  };
  // In a deployment, what is around an area is looked at before a collection in shards begins.
  return scope.isTooSmall ? { ...drawn, shards: 0, flink: { ...flink, clusters: [1, 2] } } : drawn;
}
