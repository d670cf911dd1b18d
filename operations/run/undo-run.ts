import { areaIdentity } from '#core/collect/breakers.ts';
import { isoTime } from '#core/iso-time.ts';
import type { Lease } from '#operations/ledger/lease.ts';
import { EMPTY_RUN, writeRun } from '#operations/ledger/run-records.ts';
import { updateState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { Survey, SurveyInput } from '#operations/look/survey.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { StoreProbe } from '#ports/store-probe.ts';
import { markerNotes } from './foreign-markers.ts';
import { knowStoresToWrite, probedLocations, storeNotes } from './known-stores.ts';
import type { AreaLease } from './lease-area.ts';
import { type MarkedLocation, markedLocations } from './marked-locations.ts';
import { planUndo, type UndoPlan } from './plan-undo.ts';
import { settleRetiring } from './retire.ts';
import { type UndoResult, undo } from './undo.ts';

/** A whole undo: scans the area as it is now, puts back what can be put back, and writes a run record. */

/** Which run is undone, and what it takes to do so. */
export interface UndoRunInput {
  readonly survey: SurveyInput;
  readonly ledger: LedgerStore;
  /** Held by the caller, so that nothing is swept meanwhile. */
  readonly lease: Pick<Lease, 'hold'>;
  /** The markers of the area, which the caller has settled. @default those below the locations are not looked at */
  readonly leased?: Pick<AreaLease, 'ledger' | 'markers'>;
  /** What finds out about the stores, by location; where one is missing, the store is taken for Amazon S3. */
  readonly probes?: readonly (StoreProbe | null)[];
  /** By location. */
  readonly writers: readonly AreaWriter[];
  /** This run. */
  readonly run: string;
  /** The run to undo. */
  readonly undone: string;
  /** Without it nothing is changed. */
  readonly execute: boolean;
  /** Epoch milliseconds, of this machine. */
  readonly now: () => number;
}

/** What an undo can put back, and what it has put back. */
export interface UndoReport {
  readonly plan: UndoPlan;
  /** Null where nothing was executed. */
  readonly result: UndoResult | null;
  /** What people should know of the area, in sentences. */
  readonly notes: readonly string[];
}

/**
 * What is put back is written under a condition, so it must be known whether the store honours that before anything is.
 *
 * @throws LedgerError where another ledger is responsible for the area or a part of it; StoreError, ClockError
 */
export async function undoRun(input: UndoRunInput): Promise<UndoReport> {
  const { ledger, lease, writers, run, undone, now } = input;
  const began = now();
  const { survey, putBack } = await rememberedSurvey(ledger, input.survey, { mayWrite: true });
  const locations = markedLocations(input.survey.locations, writers);
  const below = await settleBelow(input, locations, survey);
  await updateState(ledger, (state) => settleRetiring(state, survey, putBack));
  const undoing = { survey, ledger, stores: input.survey.locations.map(({ store }) => store), writers, undone };
  const plan = await planUndo(undoing);
  if (!input.execute || isEmpty(plan)) {
    return { plan, result: null, notes: below };
  }
  const stores = await knowStoresToWrite(probedLocations(locations, input.probes ?? []), { now });
  const result = await undo({ ...undoing, lease }, plan);
  const restored = result.restoredRoots.length + result.restoredObjects;
  await writeRun(ledger, {
    ...EMPTY_RUN,
    run,
    command: 'undo',
    began: isoTime(began),
    ended: isoTime(now()),
    area: [...areaIdentity(survey.area)],
    executed: true,
    result: result.lost.length > 0 ? 'stopped' : restored === 0 ? 'nothing-to-do' : 'done',
    why: whyOf(undone, result),
    restored,
  });
  return { plan, result, notes: [...below, ...storeNotes(stores)] };
}

function whyOf(undone: string, { lost: [first, ...others] }: UndoResult): string {
  if (first === undefined) return `It undid run ${undone}.`;
  const many = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `It undid run ${undone}, except what can't be put back${many}. ${first.url}: ${first.why}`;
}

/** A marker of another ledger refuses what executes; a dry run says it. */
async function settleBelow(
  { leased }: UndoRunInput,
  locations: readonly MarkedLocation[],
  survey: Survey,
): Promise<readonly string[]> {
  if (leased === undefined) return [];
  if (leased.markers === null) return await markerNotes(locations, leased.ledger, survey);
  await leased.markers.settleListed(survey);
  return [];
}

/** Whether there is nothing to undo: no root and no object, whether it can be put back or not. */
export function isEmpty({ roots, objects, lost }: UndoPlan): boolean {
  return roots.length === 0 && objects.length === 0 && lost.length === 0;
}
