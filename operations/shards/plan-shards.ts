import { layShards } from '#core/shards/key-ranges.ts';
import { weighedCuts } from '#core/shards/weighed-cuts.ts';
import { recollect } from '#operations/ledger/run-memory.ts';
import { readState } from '#operations/ledger/state.ts';
import { freezeStart } from '#operations/look/survey.ts';
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
  const before = ledger === null ? null : await recollect(ledger);
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
