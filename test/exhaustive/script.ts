import type { CollectSettings } from '#core/collect/settings.ts';
import type { Switch } from '#test/model/mutations.ts';
import { collects, type Deed, waits } from './deeds.ts';
import type { JOBS } from './names.ts';

/** An area as somebody names it, with the ledger that is named for it. */
export interface ChargeScript {
  /** Where it is: a prefix of the bucket, or another name of the bucket and a prefix. @default the whole bucket */
  readonly sites?: readonly { readonly name?: string; readonly prefix: string }[];
  /** Whether its runs look for roots in the rest of the bucket. @default false */
  readonly checksScope?: boolean;
  /** Short name of the ledger. @default 'ledger' */
  readonly ledger?: string;
  /** Other names of the bucket that are declared. */
  readonly aliases?: readonly string[];
}

/** How far schedules may depart from the default. */
export interface Bounds {
  /** How often somebody else takes over out of turn. */
  readonly switches: number;
  /** How many processes die. */
  readonly deaths: number;
}

/** Each of them by itself: a schedule is tried that is within one. */
export interface Tried {
  readonly ordinary: readonly Bounds[];
  readonly deep: readonly Bounds[];
}

export const USUAL: Tried = {
  ordinary: [{ switches: 2, deaths: 1 }],
  deep: [{ switches: 3, deaths: 1 }],
};
/** For worlds of many steps in which everything meets everything. */
export const LARGE: Tried = {
  ordinary: [
    { switches: 2, deaths: 0 },
    { switches: 1, deaths: 1 },
  ],
  deep: [
    { switches: 3, deaths: 0 },
    { switches: 2, deaths: 1 },
  ],
};

/** For worlds of which each schedule takes long. */
export const BRIEF: Tried = {
  ordinary: [{ switches: 1, deaths: 1 }],
  deep: [{ switches: 2, deaths: 1 }],
};

/** What a cluster says of one of its jobs. */
export interface RunningScript {
  readonly job: keyof typeof JOBS;
  /** Numbers of the checkpoints in progress. */
  readonly inProgress?: readonly number[];
  /** The root from which it was restored, while it has completed no checkpoint. */
  readonly restoredFrom?: string;
}

/** A small world as data: who does what. In which order, the schedule says. */
export interface Script {
  readonly name: string;
  /** What happens, in a sentence or two. */
  readonly about: string;
  /** Done in this order before anything is left open. */
  readonly before: readonly (readonly [who: string, ...deeds: readonly Deed[]])[];
  /** Each does its deeds in their order. Where the schedule leaves it open, who stands first is first. */
  readonly actors: Readonly<Record<string, readonly Deed[]>>;
  /** Done in this order afterwards, before it is looked what is left. */
  readonly after?: readonly (readonly [who: string, ...deeds: readonly Deed[]])[];
  /** Objects that nobody may delete, for a reason of which no root tells. */
  readonly stays?: readonly string[];
  /** What is garbage, and has gone once everything else is over. */
  readonly goes?: readonly string[];
  /** Which schedules are tried: always, and in the deep suite. @default {@link USUAL} */
  readonly tried?: Tried;
  /** By short name. @default `main`, the whole bucket */
  readonly charges?: Readonly<Record<string, ChargeScript>>;
  readonly settings?: Partial<CollectSettings>;
  /** Whether `collect` retires as well: of ended jobs all but the last checkpoint, of savepoints all but the last. */
  readonly retains?: boolean;
  /** How many objects a page of a listing shows. @default 1,000 */
  readonly page?: number;
  /** What Flink writes has another ETag than the same content when a steward writes it. */
  readonly multipart?: boolean;
  /** The store overwrites what is there, whatever the condition. */
  readonly ignoresIfNoneMatch?: boolean;
  readonly versions?: boolean;
  /** What a cluster that is asked says of its jobs. @default none is asked */
  readonly running?: readonly RunningScript[];
  /** Whether stewards reach the store through S3's own adapters, whose requests are the calls. */
  readonly throughS3?: boolean;
  /** Objects whose names the store can't read in a request of many. */
  readonly unreadNames?: readonly string[];
  /** Objects that the configuration protects. */
  readonly protects?: readonly string[];
  /** Rules without which something is lost. */
  readonly without?: readonly Witnessed[];
  /** What docs/safety.md says of it, where something is lost. */
  readonly known?: string;
}

/** A rule without which something goes wrong; `besides` are those that would keep it as well, and are off both times. */
export interface Witnessed {
  readonly rule: Switch;
  readonly besides?: readonly Switch[];
  /** How many processes have to die before something is lost. @default 0 */
  readonly deaths?: number;
  /** Whether it takes too long to find out in the ordinary suite. @default false */
  readonly isSlow?: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Sharp, and in whole hours, as in the specification: an hour here is its unit of time. */
export const SETTINGS: CollectSettings = {
  checkpointTimeout: HOUR,
  minAge: 2 * HOUR,
  quarantine: 2 * HOUR,
  deadAfter: 5 * HOUR,
  abandonedAfter: 7 * HOUR,
  maxDeleteFraction: 1,
  taskowned: false,
  taskownedMinAge: 7 * HOUR,
  failedSavepoints: false,
};

/** Two runs with the quarantine between them. */
export const RUNS: readonly Deed[] = [collects(), waits(2), collects()];
