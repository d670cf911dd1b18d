import { judgeEach } from '#core/collect/judge.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import { writeLines } from '#operations/ledger/line-parts.ts';
import { candidateLines, namedTaskOwnedLines, retiredFileLines } from '#operations/ledger/remembered-objects.ts';
import { listPrefix, nextSlot, type ObjectList } from '#operations/ledger/run-memory.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { plannedRun, type ShardContext } from './context.ts';
import { groundsOfShard } from './judge-shard.ts';
import type { ItemOutput } from './shard-files.ts';

/** The lists that a shard leaves, each as the parts that the memory of the run names. */
export type ShardRemembered = Readonly<Record<Exclude<ObjectList, 'looked'>, readonly Part[]>>;

/**
 * Writes into the ledger what the next run must know of the objects of a shard. It counts once the memory of the run names
 * it.
 *
 * @throws LostPartError, StoreError
 */
export async function rememberShard(shard: string, context: ShardContext): Promise<ItemOutput> {
  const ledger = ledgerOf(context);
  const slot = nextSlot(await plannedRun(context));
  const { grounds, roots } = await groundsOfShard(shard, context);
  const seen = { ...grounds, area: context.area };
  const write = async (list: ObjectList, lines: Iterable<unknown>): Promise<readonly Part[]> =>
    await writeLines(ledger, `${listPrefix(slot, list)}${shard}-`, lines);
  const facts: ShardRemembered = {
    candidates: await write('candidates', candidateLines(seen, judgeEach(grounds, roots))),
    named: await write('named', namedTaskOwnedLines(seen)),
    retiredFiles: await write('retiredFiles', retiredFileLines(seen)),
  };
  return { facts, lists: {} };
}

/** The ledger of a run that writes into it. @throws LedgerError where it has none. */
export function ledgerOf({ ledger }: Pick<ShardContext, 'ledger'>): LedgerStore {
  if (ledger === null) throw new LedgerError('A run without a ledger remembers nothing. Name one: --ledger.');
  return ledger;
}
