import pMap from 'p-map';
import type { Breaker } from '#core/collect/breakers.ts';
import type { ShardCut } from '#core/shards/key-ranges.ts';
import { openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { RunLease } from '#operations/ledger/run-lease.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import { Pace } from '#operations/pace.ts';
import { type ActingAccess, COLLECTION_PHASES } from '#operations/shards/collection-phases.ts';
import { type ShardContext, type ShardLimits, shardContext } from '#operations/shards/context.ts';
import { decideRun } from '#operations/shards/decide-run.ts';
import { recordCollection } from '#operations/shards/record-collection.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import type { GuardedDeleter } from '#ports/guarded-deleter.ts';
import type { Holders } from '#ports/holder.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';

/** Of items that delete nothing, and of those that do. */
const AT_ONCE = 3;
const SWEEPS_AT_ONCE = 2;

/** What a collection in shards takes in one process. */
export interface CollectionInShards extends Pick<ActingAccess, 'writers'> {
  readonly input: SurveyInput;
  readonly ledger: LedgerStore;
  readonly run: string;
  readonly holders: Holders;
  readonly shards: number;
  readonly accept: ReadonlySet<Breaker>;
  readonly retention: NonNullable<ShardContext['retention']> | null;
  readonly deleters: readonly GuardedDeleter[];
  readonly now: () => number;
  /** Where to cut instead of where a sample of the keys suggests. */
  readonly cuts?: readonly ShardCut[];
  readonly limits?: ShardLimits;
  /** Whether an item, and the record, is done once more, as if its answer were lost; asked once for each. @default never */
  readonly again?: (phase: string, item: string) => boolean;
  /** How often something is tried that fails for a failure of a store. @default once */
  readonly attempts?: number;
}

/**
 * What the state machine of a deployment does with many functions: phase after phase, some items at once.
 *
 * @throws LedgerError, LostPartError, StoreError
 */
export async function collectInShards(order: CollectionInShards): Promise<RunRecord> {
  const { input, ledger, run, holders, shards, cuts, limits, retention, now } = order;
  const { again = () => false, attempts = 1 } = order;
  const began = now();
  await openOrCreateLedger(ledger, run, began);
  const lease = await RunLease.take(ledger, { run, command: 'collect', holders, now });
  const attempt = async <T>(call: () => Promise<T>): Promise<T> => await attempted(call, attempts);
  try {
    const files = new ShardFiles(ledger, run);
    const context = shardContext({
      input: { ...input, signal: lease.signal },
      ledger,
      files,
      shards,
      ...(cuts === undefined ? {} : { cuts }),
      // So that a few shards have several parts of the names.
      limits: { shardsOfPart: 2, ...limits },
      verdicts: false,
      ...(retention === null ? {} : { retention }),
    });
    for (const phase of COLLECTION_PHASES) {
      if (phase.name === 'remember') {
        await attempt(() => decideRun(context, { execute: true, accept: order.accept, refusal: null }));
      }
      const items = await attempt(() => phase.items(context));
      const once = async (item: string): Promise<void> =>
        await files.write(phase.name, item, await phase.run(item, context, workOf(order, lease)));
      await pMap(
        items,
        async (item) => {
          await attempt(() => once(item));
          if (again(phase.name, item)) await attempt(() => once(item));
        },
        { concurrency: phase.deletes === true ? SWEEPS_AT_ONCE : AT_ONCE },
      );
      await attempt(() => files.close(phase.name, items));
    }
    const time = { run, command: 'collect', began, ended: now() };
    const recorded = await attempt(async () => (await recordCollection(context, time)).record);
    return again('record', '') ? await attempt(async () => (await recordCollection(context, time)).record) : recorded;
  } finally {
    await RunLease.release(ledger, run);
  }
}

async function attempted<T>(call: () => Promise<T>, attempts: number): Promise<T> {
  for (let left = attempts - 1; ; left--) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreError) || left === 0) throw error;
    }
  }
}

type Work = Parameters<(typeof COLLECTION_PHASES)[number]['run']>[2];

function workOf({ run, deleters, writers, now }: CollectionInShards, lease: RunLease): Work {
  return { run, sweep: { deleters, writers, lease, pace: new Pace(Number.POSITIVE_INFINITY, now), now } };
}
