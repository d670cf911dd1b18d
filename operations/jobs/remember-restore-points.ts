import type { Totals } from '#core/collect/totals.ts';
import type { Labels } from '#core/jobs/labels.ts';
import { type NewestRestorePoint, writeNewestRestorePoints } from '#operations/ledger/newest-restore-points.ts';
import type { Survey } from '#operations/look/survey.ts';
import { restorePoints } from '#operations/report/restore-points.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** Leaves in the ledger where each job can be restored from, for alarms that come before the next survey. @throws StoreError */
export async function rememberRestorePoints(
  ledger: LedgerStore,
  { survey, totals }: { readonly survey: Survey; readonly totals: Totals },
  labels: Labels,
): Promise<void> {
  const { start, jobs } = restorePoints({ survey, totals, labels });
  const points = new Map<string, NewestRestorePoint>();
  for (const { label, newest } of jobs) {
    // Those of one label come with the newest first.
    if (newest !== null && !points.has(label)) {
      points.set(label, { path: newest.path, completed: newest.completed });
    }
  }
  await writeNewestRestorePoints(ledger, start, points);
}
