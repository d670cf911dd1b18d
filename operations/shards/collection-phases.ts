import { Buffer } from 'node:buffer';
import type { Lease } from '#operations/ledger/lease.ts';
import { openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import type { ApplyResult } from '#operations/run/apply.ts';
import { AreaMarkers } from '#operations/run/area-markers.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import { readBatches } from './answer-shard.ts';
import { AreaLook } from './area-look.ts';
import { certifyDeletions } from './certify-deletions.ts';
import { ONE, type ShardContext, shardItems } from './context.ts';
import { decided } from './decide-run.ts';
import { hashParts, partBits } from './hash-parts.ts';
import { LateFindings } from './late-findings.ts';
import type { ShardListed } from './list-shard.ts';
import { type Logged, loggedDeletions, RETIRED } from './logged-deletions.ts';
import { nearNames } from './near-names.ts';
import { neededByBatch } from './needed-by-batch.ts';
import { PHASES } from './phases.ts';
import { rememberJobsOfRun } from './remember-jobs.ts';
import { rememberRun } from './remember-run.ts';
import { ledgerOf, rememberShard } from './remember-shard.ts';
import { decideRoots, type RetentionDecided, retireRoots } from './retire-roots.ts';
import { rootFiles } from './root-files.ts';
import type { ItemOutput } from './shard-files.ts';
import { shardsOfSweep, sweepItems } from './sweep-groups.ts';
import { deletedByAll, type ShardSweep, sumOfSweeps, sweepShard } from './sweep-shard.ts';

/** The phases of a collection in shards: those that judge, those that remember and delete, and those that certify that. */

/** What an item of a collection is given besides. */
export interface CollectionWork {
  readonly run: string;
  /** What it takes to delete; null for who may not. */
  readonly sweep: (Omit<ShardSweep, 'run'> & ActingAccess) | null;
}

/** What it takes to mark the area as this ledger's. */
export interface ActingAccess {
  readonly writers: readonly AreaWriter[];
  readonly lease: Pick<Lease, 'hold' | 'signal'> & { readonly number: number };
}

interface CollectionPhase {
  readonly name: string;
  readonly items: (context: ShardContext) => Promise<readonly string[]>;
  readonly run: (item: string, context: ShardContext, work: CollectionWork) => Promise<ItemOutput>;
  /** Whether it takes the right to delete. */
  readonly deletes?: boolean;
}

const one = async (): Promise<readonly string[]> => [ONE];

const AFTER_JUDGING: readonly CollectionPhase[] = [
  { name: 'remember', items: shardItems, run: rememberShard },
  {
    name: 'remember-run',
    items: one,
    run: async (_, context, { run }) => await rememberRun(context, { run, tripped: (await decided(context)).tripped }),
  },
  { name: 'jobs', items: oneIf(async ({ jobs }) => jobs !== undefined), run: jobsItem },
  { name: 'root-files', items: batchesToRetire, run: rootFiles },
  { name: 'retention', items: oneIf(retains), run: decideRoots },
  { name: 'mark-area', items: oneIf(changesArea), run: markArea, deletes: true },
  { name: 'retire', items: oneIf(retires), run: retireItem, deletes: true },
  { name: 'sweep', items: sweepItems, run: sweepGroup, deletes: true },
];

/** What was deleted is certified when all of it is on record; how these phases end changes nothing of it. */
const CERTIFYING: readonly CollectionPhase[] = [
  { name: 'logged', items: loggingItems, run: loggedDeletions },
  { name: 'needed', items: ifLogged(readBatches), run: neededByBatch },
  { name: 'near', items: ifLogged(async (context) => hashParts(await partBits(context))), run: nearNames },
  { name: 'certify', items: ifLogged(loggingItems), run: certifyDeletions },
];

/** Whether a phase only certifies what was done. */
export function isCertifying(name: string): boolean {
  return CERTIFYING.some((phase) => phase.name === name);
}

/** All of them, in their order: what was found is remembered before anything of it is deleted. */
export const COLLECTION_PHASES: readonly CollectionPhase[] = [...PHASES, ...AFTER_JUDGING, ...CERTIFYING];

/** @throws RangeError for a name that is none of a phase. */
export function collectionPhase(name: string): CollectionPhase {
  const found = COLLECTION_PHASES.find((phase) => phase.name === name);
  if (found === undefined) throw new RangeError(`There is no phase ${name}.`);
  return found;
}

function oneIf(isDue: (context: ShardContext) => Promise<boolean>): CollectionPhase['items'] {
  return async (context) => ((await isDue(context)) ? [ONE] : []);
}

async function changesArea(context: ShardContext): Promise<boolean> {
  return (await decided(context)).acts || (await retires(context));
}

async function jobsItem(_item: string, context: ShardContext): Promise<ItemOutput> {
  /* v8 ignore next -- without it there is no such item */
  if (context.jobs === undefined) throw new RangeError('Nobody remembers jobs.');
  return await rememberJobsOfRun(context, context.jobs);
}

async function retains(context: ShardContext): Promise<boolean> {
  return context.retention !== undefined && (await decided(context)).mayAct;
}

async function batchesToRetire(context: ShardContext): Promise<readonly string[]> {
  return (await retains(context)) ? await readBatches(context) : [];
}

async function retires(context: ShardContext): Promise<boolean> {
  const { files } = context;
  return (await retains(context)) && ((await files.read('retention', ONE)).facts as RetentionDecided).retire > 0;
}

/** What has put something on record of what it deletes or retires, if it came so far. */
async function loggingItems(context: ShardContext): Promise<readonly string[]> {
  return [...(await sweepItems(context)), ...((await retires(context)) ? [RETIRED] : [])];
}

/** A run that has put nothing on record needs no certificate. */
function ifLogged(items: CollectionPhase['items']): CollectionPhase['items'] {
  return async (context) => {
    for await (const { facts } of context.files.readAll('logged')) {
      if ((facts as Logged).files > 0) return await items(context);
    }
    return [];
  };
}

/** Marks the area as this ledger's, as a run does that acts. */
async function markArea(_item: string, context: ShardContext, work: CollectionWork): Promise<ItemOutput> {
  const { lease, now, writers } = sweepOf(work);
  await lease.hold();
  const store = ledgerOf(context);
  const ledger = await openOrCreateLedger(store, work.run, now());
  const locations = markedLocations(context.input.locations, writers);
  // A second attempt finds the markers as the first one has left them, and they are not ahead of the ledger by that.
  const acting = `shards/${work.run}/mark-area/acting`;
  const again = async (): Promise<boolean> => (await store.readFile(acting)) !== null;
  const markers = new AreaMarkers(locations, { ledger, run: work.run, lease: lease.number, now, again });
  await markers.settle();
  const listed: ShardListed['markers'][number][] = [];
  for await (const { facts } of context.files.readAll('list')) listed.push(...(facts as ShardListed).markers);
  await markers.settleListed({ area: context.area, markers: listed });
  await store.writeFile(acting, Buffer.from(`${new Date(now()).toISOString()}\n`));
  await markers.sayActing();
  return { facts: { notes: markers.notes }, lists: {} };
}

/** Roots first: what a retired root referenced is not deleted by this run, as it was judged while the root was there. */
async function retireItem(_item: string, context: ShardContext, work: CollectionWork): Promise<ItemOutput> {
  return await retireRoots(context, { run: work.run, ...sweepOf(work) });
}

async function sweepGroup(item: string, context: ShardContext, work: CollectionWork): Promise<ItemOutput> {
  const sweep = sweepOf(work);
  const look = new AreaLook(context);
  const findings = await LateFindings.of(context);
  const shards = await shardsOfSweep(item, context);
  const swept: ApplyResult[] = [];
  for (const shard of shards) {
    const applied = await sweepShard(shard, context, { run: work.run, look, findings, ...sweep });
    swept.push(applied);
    if (applied.stopped === null) continue;
    // An attempt before may have come further.
    const others = await deletedByAll(shards.slice(swept.length), context, work.run);
    swept.push({ ...sumOfSweeps([]), ...others });
    break;
  }
  return { facts: sumOfSweeps(swept), lists: findings.lists() };
}

function sweepOf({ run, sweep }: CollectionWork): NonNullable<CollectionWork['sweep']> {
  if (sweep === null) {
    throw new LedgerError(
      `Run ${run} may not delete: the mode is not "collect" any more, so the rest of its garbage stays. The next collection goes by the mode of now.`,
    );
  }
  return sweep;
}
