import { answerShard, readBatches } from './answer-shard.ts';
import { batchLateRoots, batchListedRoots } from './batch-roots.ts';
import { conclude } from './conclude.ts';
import { namePartItems, ONE, PLAN, type ShardContext, shardItems } from './context.ts';
import { findCopies } from './find-copies.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { judgeShard } from './judge-shard.ts';
import { listShard } from './list-shard.ts';
import { lookForLateRoots, lookForRoots } from './look-for-roots.ts';
import { markShard } from './mark-shard.ts';
import { planShards } from './plan-shards.ts';
import { batchItems, readBatch, readLateBatch } from './read-batch.ts';
import { resolveBatch } from './resolve-batch.ts';
import type { ItemOutput } from './shard-files.ts';

/** A step of a run in shards: items that know nothing of each other, and read what the phases before have left. */
interface Phase {
  readonly name: string;
  /** The names of its items, once the phases before have ended. */
  readonly items: (context: ShardContext) => Promise<readonly string[]>;
  readonly run: (item: string, context: ShardContext) => Promise<ItemOutput>;
}

const one = async (): Promise<readonly string[]> => [ONE];

/**
 * The phases in their order, which is a part of what makes a run safe: all shards are listed before any root is looked for
 * again, and roots are looked for again once all were read (docs/safety.md, "Order of reading").
 */
export const PHASES = [
  { name: PLAN, items: one, run: planShards },
  { name: 'list', items: shardItems, run: listShard },
  { name: 'look', items: shardItems, run: lookForRoots },
  { name: 'batch', items: one, run: batchListedRoots },
  { name: 'roots', items: (context) => batchItems(context, 'batch'), run: readBatch },
  { name: 'look-again', items: shardItems, run: lookForLateRoots },
  { name: 'batch-again', items: one, run: batchLateRoots },
  { name: 'roots-again', items: (context) => batchItems(context, 'batch-again'), run: readLateBatch },
  { name: 'answer', items: shardItems, run: answerShard },
  { name: 'resolve', items: readBatches, run: resolveBatch },
  { name: 'mark', items: shardItems, run: markShard },
  { name: 'copies', items: namePartItems, run: findCopies },
  { name: 'gather', items: one, run: gatherEvidence },
  { name: 'judge', items: shardItems, run: judgeShard },
  { name: 'conclude', items: one, run: conclude },
] as const satisfies readonly Phase[];

/** The name of a phase. */
export type PhaseName = (typeof PHASES)[number]['name'];

/** The names of the items of a phase. @throws LostPartError where a phase before it has not ended, StoreError */
export async function itemsOf(name: PhaseName, context: ShardContext): Promise<readonly string[]> {
  return await phaseOf(name).items(context);
}

/**
 * Runs an item of a phase and writes what it has found; a second time over what the first one left.
 *
 * @throws LostPartError where a phase before it has not ended, StoreError, ClockError, LedgerError
 */
export async function runItem(name: PhaseName, item: string, context: ShardContext): Promise<void> {
  await context.files.write(name, item, await phaseOf(name).run(item, context));
}

/** To be called once all items of a phase have ended: only then do they count. @throws LostPartError, StoreError */
export async function closePhase(name: PhaseName, context: ShardContext): Promise<void> {
  await context.files.close(name, await itemsOf(name, context));
}

function phaseOf(name: PhaseName): Phase {
  const found = PHASES.find((phase) => phase.name === name);
  /* v8 ignore next -- the names are those of the phases */
  if (found === undefined) throw new RangeError(`There is no phase ${name}.`);
  return found;
}
