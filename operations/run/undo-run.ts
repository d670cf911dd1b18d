import { areaIdentity } from '#core/collect/breakers.ts';
import { isoTime } from '#core/iso-time.ts';
import type { Lease } from '#operations/ledger/lease.ts';
import { EMPTY_RUN, writeRun } from '#operations/ledger/run-records.ts';
import { updateState } from '#operations/ledger/state.ts';
import { rememberedSurvey } from '#operations/look/remembered-survey.ts';
import type { SurveyInput } from '#operations/look/survey.ts';
import type { AreaWriter } from '#ports/area-writer.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { settleRetiring } from './retire.ts';
import { planUndo, type UndoPlan, type UndoResult, undo } from './undo.ts';

/** A whole undo: scans the area as it is now, puts back what can be put back, and writes a run record. */

/** Which run is undone, and what it takes to do so. */
export interface UndoRunInput {
  readonly survey: SurveyInput;
  readonly ledger: LedgerStore;
  /** Held by the caller, so that nothing is swept meanwhile. */
  readonly lease: Pick<Lease, 'hold'>;
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
}

/** @throws StoreError, LedgerError, ClockError */
export async function undoRun(input: UndoRunInput): Promise<UndoReport> {
  const { ledger, lease, writers, run, undone, now } = input;
  const began = now();
  const { survey, putBack } = await rememberedSurvey(ledger, input.survey, { mayWrite: true });
  await updateState(ledger, (state) => settleRetiring(state, survey, putBack));
  const stores = input.survey.locations.map(({ store }) => store);
  const undoing = { survey, ledger, stores, writers, undone };
  const plan = await planUndo(undoing);
  if (!input.execute || isEmpty(plan)) {
    return { plan, result: null };
  }
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
    result: restored === 0 ? 'nothing-to-do' : 'done',
    why: `It undid run ${undone}.`,
    restored,
  });
  return { plan, result };
}

/** Whether there is nothing to undo: no root and no object, whether it can be put back or not. */
export function isEmpty({ roots, objects, lost }: UndoPlan): boolean {
  return roots.length === 0 && objects.length === 0 && lost.length === 0;
}
