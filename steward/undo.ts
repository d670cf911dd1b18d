import { type UndoReport, undoRun } from '#operations/run/undo-run.ts';
import { requireExistingLedger } from './declarations.ts';
import { openProbe } from './open-probe.ts';
import type { LedgeredSteward } from './steward.ts';
import { underLease } from './under-lease.ts';

export type { UndoPlan, UndoResult } from '#operations/run/undo.ts';
export { isEmpty, type UndoReport } from '#operations/run/undo-run.ts';

/**
 * Puts back what a run retired or deleted, as far as possible. Without `execute`, only finds out what can be put back.
 *
 * @param undone name of that run.
 * @throws RefusedError if there is no ledger yet, LedgerError, StoreError
 */
export async function undo(
  steward: LedgeredSteward,
  undone: string,
  { execute, command }: { readonly execute: boolean; readonly command: string },
): Promise<UndoReport> {
  await requireExistingLedger(steward.ledger);
  const probes = execute ? await Promise.all(steward.locations.map(openProbe)) : [];
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
  return report;
}
