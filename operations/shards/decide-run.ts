import type { Breaker } from '#core/collect/breakers.ts';
import type { Amount } from '#core/collect/totals.ts';
import { readState } from '#operations/ledger/state.ts';
import { reasonToStop, type Stop } from '#operations/run/decide.ts';
import { concluded } from './conclude.ts';
import { ONE, type ShardContext } from './context.ts';
import { ledgerOf } from './remember-shard.ts';

/** What a run in shards may do. */
export interface DecidedRun {
  /** Whether it was to act, by the mode of then. */
  readonly execute: boolean;
  /** Whether a breaker has tripped that nobody has accepted. */
  readonly tripped: boolean;
  readonly stop: Stop | null;
  readonly deletable: Amount;
  /** Whether it may delete and retire. */
  readonly mayAct: boolean;
  /** Whether it deletes. */
  readonly acts: boolean;
}

/** What the decision takes besides what was found. */
export interface Deciding {
  readonly execute: boolean;
  readonly accept: ReadonlySet<Breaker>;
  /** Why what is around the area forbids this run to act, in a sentence; null where it does not. */
  readonly refusal: string | null;
}

const DECIDE = 'decide';

/** Decides once all is judged, and writes it down for the phases after. @throws LostPartError, StoreError, LedgerError */
export async function decideRun(context: ShardContext, { execute, accept, refusal }: Deciding): Promise<DecidedRun> {
  const { files } = context;
  // Another attempt goes by what was decided, though somebody may have set a pause since: the sweep heeds that.
  if (await files.hasEnded(DECIDE)) return await decided(context);
  const { undecidable, breakers, tally } = await concluded(context);
  const tripped = breakers.filter(({ breaker }) => !accept.has(breaker));
  const state = await readState(ledgerOf(context));
  const stop = reasonToStop({ survey: { undecidable }, tripped, state, refusal });
  const decision: DecidedRun = {
    execute,
    tripped: tripped.length > 0,
    stop,
    deletable: tally.delete,
    mayAct: execute && stop === null,
    acts: execute && stop === null && tally.delete.objects > 0,
  };
  // It may have been decided meanwhile.
  if (await files.hasEnded(DECIDE)) return await decided(context);
  await files.write(DECIDE, ONE, { facts: decision, lists: {} });
  await files.close(DECIDE, [ONE]);
  return decision;
}

/** @throws LostPartError where nothing was decided yet, StoreError */
export async function decided({ files }: Pick<ShardContext, 'files'>): Promise<DecidedRun> {
  return (await files.read(DECIDE, ONE)).facts as DecidedRun;
}
