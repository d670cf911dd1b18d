import { type UndoReport, undoRun } from '#operations/run/undo-run.ts';
import { requireExistingLedger } from './declarations.ts';
import type { LedgeredSteward } from './steward.ts';
import { underLease } from './under-lease.ts';

export type { UndoPlan, UndoResult } from '#operations/run/undo.ts';
export { isEmpty, type UndoReport } from '#operations/run/undo-run.ts';

/**
 * Restores what a run retired or deleted, as far as that is possible; without `execute` says what could be restored.
 *
 * @param undone name of that run.
 * @throws RefusedError where there is no ledger yet, LedgerError, StoreError
 */
export async function undo(
  steward: LedgeredSteward,
  undone: string,
  { execute, command }: { readonly execute: boolean; readonly command: string },
): Promise<UndoReport> {
  await requireExistingLedger(steward.ledger);
  return await underLease(steward, { command, execute }, ({ ledger, lease, writers, run }) =>
    undoRun({
      survey: steward.input,
      ledger: ledger.store,
      lease,
      writers,
      run,
      undone,
      execute,
      now: steward.clock,
    }),
  );
}
