import { layShards } from '#core/shards/key-ranges.ts';
import { weighedCuts } from '#core/shards/weighed-cuts.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { readLines } from '#operations/ledger/line-parts.ts';
import { type Recollection, recollect, sayLost } from '#operations/ledger/run-memory.ts';
import { readState } from '#operations/ledger/state.ts';
import { freezeStart } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { PlannedRun, ShardContext } from './context.ts';
import { toPlain } from './rich-json.ts';
import { sampleKeys } from './sample-keys.ts';
import type { ItemOutput } from './shard-files.ts';

/**
 * The first phase: when the run started, what it knows of earlier ones, and which keys each shard has. All later items go
 * by this, whatever happens meanwhile in the ledger.
 *
 * @throws ClockError, StoreError, LedgerError
 */
export async function planShards(_item: string, context: ShardContext): Promise<ItemOutput> {
  const { area, input, ledger, shards } = context;
  const locations = input.locations.map(({ store }, location) => ({ location, store }));
  const start = await freezeStart(locations, input);
  const before = ledger === null ? null : await rememberedFor(ledger);
  const state = ledger === null ? null : await readState(ledger);
  const cuts =
    context.cuts ?? (shards === 1 ? [] : weighedCuts(await sampleKeys(area, locations, shards, input.signal), shards));
  const facts: PlannedRun = {
    start,
    shards: layShards(area.locations.length, cuts),
    record: before?.record ?? null,
    state,
    lost: before?.lost ?? null,
  };
  return {
    facts: toPlain(facts),
    lists: { earlier: before?.earlierDirectories ?? [], damaged: before?.damaged ?? [] },
  };
}

/**
 * What the last run left, each of its lists as it can be read now. All items go by this: what is lost is lost for all.
 *
 * @throws LedgerError for a ledger that an old version wrote last
 */
async function rememberedFor(ledger: LedgerStore): Promise<Recollection> {
  const before = await recollect(ledger);
  const { record } = before;
  if (record === null) return before;
  if (record.signs === null && record.candidates.length > 0) {
    throw new LedgerError(
      `The ledger ${ledger.name} was last written by a version that did not remember which directories are jobs', and shards can't find that out. Nothing was decided; run once without --shards.`,
    );
  }
  // Each list that can't be read takes with it what one process would not know either.
  for (const [at, list] of MEMORY_LISTS.entries()) {
    try {
      for await (const _ of readLines(ledger, record[list])) {
        // Only whether it can be read.
      }
    } catch (error) {
      const unread = Object.fromEntries(MEMORY_LISTS.slice(at).map((each) => [each, []]));
      return {
        ...before,
        lost: sayLost(error),
        record: { ...record, ...unread, candidates: [], named: [], retiredFiles: [] },
      };
    }
  }
  return before;
}

/** In the order in which a survey reads them. */
const MEMORY_LISTS = ['candidates', 'named', 'known', 'looked', 'retiredFiles'] as const;
