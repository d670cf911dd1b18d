import { isEmpty, type UndoReport, undoRun } from '#operations/run/undo-run.ts';
import type { StoreProbe } from '#ports/store-probe.ts';
import { recordedRun, runNamed } from './history.ts';
import type { LedgeredSteward } from './steward.ts';
import { underLease } from './under-lease.ts';

export type { UndoPlan } from '#operations/run/plan-undo.ts';
export type { UndoResult } from '#operations/run/undo.ts';
export { isEmpty, type UndoReport } from '#operations/run/undo-run.ts';

/** How a run is undone. */
export interface UndoOrder {
  readonly execute: boolean;
  readonly command: string;
  /** One for each location, from `openProbe`; none where all stores are Amazon S3, which need no probe. */
  readonly probes?: readonly (StoreProbe | null)[];
}

/**
 * Puts back what a run retired or deleted, as far as possible. Without `execute`, only finds out what can be put back.
 * A run that the ledger does not know has nothing to put back.
 *
 * @param name of that run: see `runNamed`.
 * @throws RefusedError if there is no ledger yet, or several runs are meant; LedgerError, StoreError
 */
export async function undo(
  steward: LedgeredSteward,
  name: string,
  { execute, command, probes = [] }: UndoOrder,
): Promise<UndoReport & { readonly undone: string }> {
  const undone = await runNamed(steward, name);
  const report = await underLease(steward, { command, execute }, ({ ledger, lease, markers, writers, run }) =>
    undoRun({
      survey: steward.input,
      ledger: ledger.store,
      leased: { ledger, markers },
      probes,
      lease,
      writers,
      run,
      undone,
      execute,
      now: steward.clock,
    }),
  );
  steward.notes.add(...report.notes);
  return { ...report, undone };
}

/**
 * As {@link undo}, for a person, who may have mistyped the name.
 *
 * @throws RefusedError also if the ledger knows no run of that name.
 */
export async function undoNamed(
  steward: LedgeredSteward,
  name: string,
  order: UndoOrder,
): Promise<UndoReport & { readonly undone: string }> {
  const report = await undo(steward, name, order);
  if (isEmpty(report.plan)) await recordedRun(steward, report.undone);
  return report;
}
