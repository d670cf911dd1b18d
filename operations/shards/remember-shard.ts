import { judgeEach } from '#core/collect/judge.ts';
import { quarantineEnds } from '#core/collect/quarantine-ends.ts';
import { tallyOf } from '#core/collect/totals.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import {
  candidateLines,
  namedTaskOwnedLines,
  retiredFileLines,
  writeObjectLines,
} from '#operations/ledger/remembered-objects.ts';
import { listPrefix, nextSlot, type ObjectList } from '#operations/ledger/run-memory.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { plannedRun, type ShardContext } from './context.ts';
import { groundsOfShard } from './judge-shard.ts';
import type { ItemOutput } from './shard-files.ts';

/** What a shard leaves in the ledger. */
export interface ShardRemembered {
  /** The parts that the memory of the run names. */
  readonly lists: Readonly<Record<Exclude<ObjectList, 'looked'>, readonly Part[]>>;
  /** When its first object in quarantine may go, epoch milliseconds; null where none is. */
  readonly quarantineEnd: number | null;
  /** What may be deleted of it. */
  readonly deletable: number;
}

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
    await writeObjectLines(ledger, `${listPrefix(slot, list)}${shard}-`, lines);
  const verdicts = judgeEach(grounds, roots);
  const facts: ShardRemembered = {
    lists: {
      candidates: await write('candidates', candidateLines(seen, verdicts)),
      named: await write('named', namedTaskOwnedLines(seen)),
      retiredFiles: await write('retiredFiles', retiredFileLines(seen)),
    },
    quarantineEnd: quarantineEnds(grounds, verdicts, grounds.start).first,
    deletable: tallyOf(grounds, verdicts, () => true).delete.objects,
  };
  return { facts, lists: {} };
}

/** The ledger of a run that writes into it. @throws LedgerError where it has none. */
export function ledgerOf({ ledger }: Pick<ShardContext, 'ledger'>): LedgerStore {
  if (ledger === null) throw new LedgerError('A run without a ledger remembers nothing. Name one: --ledger.');
  return ledger;
}
