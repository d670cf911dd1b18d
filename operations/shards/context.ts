import { Area } from '#core/area/area.ts';
import type { Declarations } from '#core/collect/owners.ts';
import type { Undecidable } from '#core/collect/undecidable.ts';
import type { Place } from '#core/flink/state-path.ts';
import type { Labels } from '#core/jobs/labels.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import type { Shard, ShardCut } from '#core/shards/key-ranges.ts';
import { partsOfNames } from '#core/shards/named-rows.ts';
import type { MemoryRecord } from '#operations/ledger/run-memory.ts';
import { declaredDeadAt, type LedgerState } from '#operations/ledger/state.ts';
import { declarations, type Survey, type SurveyInput } from '#operations/look/survey.ts';
import type { Billing } from '#operations/report/cost.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { fromPlain } from './rich-json.ts';
import type { ShardFiles } from './shard-files.ts';

/** What every item of a run in shards is given. All else it reads from the files that the phases before have left. */
export interface ShardContext {
  readonly area: Area;
  readonly input: ShardedSurvey;
  /** What earlier runs left, which is only read; null for none. */
  readonly ledger: LedgerStore | null;
  readonly files: ShardFiles;
  /** How many shards are wanted, one at least. */
  readonly shards: number;
  /** Where to cut instead of where a sample of the keys suggests. */
  readonly cuts?: readonly ShardCut[];
  /** Whether a line is wanted of each verdict. */
  readonly verdicts: boolean;
  /** What is around the area means for it; asked once, when all roots were read. @default nothing */
  readonly surroundings?: () => Promise<readonly Undecidable[]>;
  /** What it takes to remember jobs over time; without it nothing is remembered of them. */
  readonly jobs?: RememberedJobs;
  /** What is wanted of retention; without it no root is retired. */
  readonly retention?: (known: Pick<Survey, 'area' | 'liveness'>) => RetentionInput;
  /** The patterns of `protect`, for the certificate. @default none */
  readonly protect?: readonly string[];
  /** Where an item ends and the next one begins, where that is not as usual. */
  readonly limits?: ShardLimits;
  /** Told how the listing and the reading of roots go on, where somebody wants to see it. */
  readonly progress?: ShardProgress;
}

/** How much an item does. */
export interface ShardLimits {
  /** Shards for each part of the names. @default 8 */
  readonly shardsOfPart?: number;
  /** Objects that one item deletes, unless one shard has more. @default 300,000 */
  readonly deletedByItem?: number;
  /** Up to so many hashes the parts of a certificate list all needed names. @default 1,048,576 */
  readonly wholeNames?: number;
}

/** How far a run in shards has come. */
export interface ShardProgress {
  readonly listed: (page: { readonly objects: number; readonly bytes: number }) => void;
  readonly rootRead: () => void;
}

/** What it takes to remember jobs over time. */
export interface RememberedJobs {
  readonly labels: Labels;
  readonly billing: () => Promise<Billing | null>;
}

/** The area, and how it is surveyed. */
export type ShardedSurvey = Pick<
  SurveyInput,
  | 'locations'
  | 'outside'
  | 'aliases'
  | 'copies'
  | 'settings'
  | 'deadJobs'
  | 'protects'
  | 'clock'
  | 'running'
  | 'assumeQuarantined'
  | 'wait'
  | 'passed'
  | 'signal'
>;

/** What a context is made of. */
export type ShardOrder = Omit<ShardContext, 'area'>;

/** The context of all items of a run. */
export function shardContext(order: ShardOrder): ShardContext {
  const { locations, outside, aliases, copies } = order.input;
  const area = new Area(
    locations.map((location) => location.area),
    outside,
    aliases,
    copies,
  );
  return { ...order, area };
}

/** What all items know since the run was planned. */
export interface PlannedRun {
  /** The frozen start by the stores' clocks, epoch milliseconds. */
  readonly start: number;
  readonly shards: readonly Shard[];
  /** What the last run left; null where there is none, or no ledger. */
  readonly record: MemoryRecord | null;
  /** What people have declared; null without a ledger. */
  readonly state: LedgerState | null;
  /** What of the ledger is lost, in a sentence; null where nothing is. */
  readonly lost: string | null;
}

/** The name of the first phase, and of its one item. */
export const PLAN = 'plan';
/** The one item of a phase that has only one. */
export const ONE = 'all';

/** What the first phase has found out. @throws LostPartError, StoreError */
export async function plannedRun({ files }: ShardContext): Promise<PlannedRun> {
  return fromPlain<PlannedRun>((await files.read(PLAN, ONE)).facts);
}

/** Directories that held a root in the last run, as the first phase found them. @throws LostPartError, StoreError */
export async function earlierDirectories({ files }: Pick<ShardContext, 'files'>): Promise<readonly Place[]> {
  const places: Place[] = [];
  for await (const line of (await files.read(PLAN, ONE)).lines('earlier')) places.push(fromPlain<Place>(line));
  return places;
}

/** What people have declared of jobs, in the configuration and in the ledger. */
export async function declarationsOf(context: ShardContext): Promise<Declarations> {
  const { start, state } = await plannedRun(context);
  const inLedger = (job: string): number | null => (state === null ? null : declaredDeadAt(state, job));
  return declarations({ ...context.input, declaredDeadAt: inLedger }, start);
}

/** The items of a phase that has one for each shard. */
export async function shardItems(context: ShardContext): Promise<readonly string[]> {
  const { shards } = await plannedRun(context);
  return shards.map((_, shard) => String(shard));
}

/** The items of a phase that has one for each part of the names. */
export async function namePartItems(context: ShardContext): Promise<readonly string[]> {
  return Array.from({ length: await partsOf(context) }, (_, part) => String(part));
}

/** In how many parts the names of the area are compared. */
export async function partsOf(context: ShardContext): Promise<number> {
  const { shards } = await plannedRun(context);
  return partsOfNames(shards.length, context.limits?.shardsOfPart);
}
