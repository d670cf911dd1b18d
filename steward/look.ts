import { setImmediate as turn } from 'node:timers/promises';
import { judgeAll, type Verdicts } from '#core/collect/judge.ts';
import { type Totals, tally } from '#core/collect/totals.ts';
import { type DamageMemory, NO_DAMAGE_MEMORY } from '#core/jobs/damage.ts';
import { type Ledger, openLedger } from '#operations/ledger/ledger.ts';
import { damageMemory } from '#operations/ledger/run-memory.ts';
import type { LedgerState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import { type Survey, survey } from '#operations/look/survey.ts';
import { markerNotes } from '#operations/run/foreign-markers.ts';
import { markedLocations } from '#operations/run/marked-locations.ts';
import { withOutsideDoubts } from '#operations/run/run.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { checkSurroundings, LOOK } from './check-surroundings.ts';
import type { Steward } from './steward.ts';
import { noteUnmatchedPatterns } from './unmatched-patterns.ts';

/** A survey with its verdicts, made without a run: nothing was changed. */
export interface Look {
  readonly survey: Survey;
  readonly verdicts: Verdicts;
  readonly totals: Totals;
  /** The roots that were damaged before, from the ledger. */
  readonly damage: DamageMemory;
  /** What people declared; null without a ledger. */
  readonly state: LedgerState | null;
  /** The ledger that was read; null if there is none, or it is empty. */
  readonly ledger: LedgerStore | null;
}

/** Surveys and judges the area. It is not a run: it changes nothing, not even the ledger. @throws StoreError, LedgerError, ClockError */
export async function look(steward: Steward, signal: AbortSignal | undefined = steward.input.signal): Promise<Look> {
  const { notes } = steward;
  const input = { ...steward.input, ...(signal === undefined ? {} : { signal }) };
  const known = steward.ledger === null ? null : await openLedger(steward.ledger);
  const ledger = known?.store ?? null;
  const remembered = ledger === null ? null : await rememberedSurvey(ledger, input, { mayWrite: false });
  const scanned = remembered?.survey ?? (await survey(input));
  const state = remembered?.state ?? null;
  const scope = await checkSurroundings({ ...steward, ledger }, { pass: LOOK, acts: false, state, signal });
  const surveyed = withOutsideDoubts(scanned, scope);
  notes.add(...(remembered?.lost ?? []), ...scope.notes, ...(await notesOfMarkers(steward, known, surveyed)));
  const verdicts = judgeAll(surveyed);
  noteUnmatchedPatterns(steward, surveyed);
  // Judging is synchronous, so an interruption could not be noticed meanwhile. It is noticed here, before anything is written.
  await turn();
  signal?.throwIfAborted();
  return {
    survey: surveyed,
    verdicts,
    totals: tally(surveyed, verdicts),
    damage: remembered === null ? NO_DAMAGE_MEMORY : damageMemory(remembered.recollection, surveyed.area),
    state,
    ledger,
  };
}

/** A ledger in which there is nothing yet is no marker's. Without one nobody asks to whom the area belongs. */
export async function notesOfMarkers(
  { ledger, input }: Steward,
  known: Ledger | null,
  surveyed: Pick<Survey, 'area' | 'markers'>,
): Promise<readonly string[]> {
  if (ledger === null) return [];
  const ours = known ?? { store: ledger, id: '', place: null, acted: null };
  const locations = markedLocations(input.locations, []);
  return [...(await markerNotes(locations, ours, null)), ...(await markerNotes(locations, ours, surveyed))];
}
