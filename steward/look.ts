import { setImmediate as turn } from 'node:timers/promises';
import { judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Totals, tally } from '#core/collect/totals.ts';
import { type DamageMemory, NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import { type Survey, survey } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Steward } from './steward.ts';
import { noteUnmatchedPatterns } from './unmatched-patterns.ts';

/** An area that was surveyed and judged by something that only looks. */
export interface Look {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  /** Which roots were damaged before, as far as a ledger knows. */
  readonly damage: DamageMemory;
  /** What people declared; null without a ledger. */
  readonly state: LedgerState | null;
  /** The ledger that was read; null where there is none, or nothing in it. */
  readonly ledger: LedgerStore | null;
}

/** Surveys and judges the area. Counts as no run: it changes nothing, nor the ledger. @throws StoreError, LedgerError, ClockError */
export async function look(steward: Steward, signal: AbortSignal | undefined = steward.input.signal): Promise<Look> {
  const { notes } = steward;
  const input = { ...steward.input, ...(signal === undefined ? {} : { signal }) };
  const ledger = steward.ledger !== null && (await openLedger(steward.ledger)) !== null ? steward.ledger : null;
  const looked = ledger === null ? null : await rememberedSurvey(ledger, input, { mayWrite: false });
  const surveyed = looked?.survey ?? (await survey(input));
  notes.add(...(looked?.lost ?? []));
  const verdicts = judgeAll(surveyed);
  noteUnmatchedPatterns(steward, surveyed);
  // Judging leaves no time to hear of an interruption; what came meanwhile is heard before anything is written.
  await turn();
  signal?.throwIfAborted();
  return {
    survey: surveyed,
    verdicts,
    totals: tally(surveyed, verdicts),
    damage: looked === null ? NO_DAMAGE_MEMORY : damageMemory(looked.recollection, surveyed.area),
    state: looked?.state ?? null,
    ledger,
  };
}
