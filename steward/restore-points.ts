import { rememberRestorePoints } from '#operations/jobs/remember-restore-points.ts';
import { type RestorePointsReport, restorePoints } from '#operations/report/restore-points.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { Look } from './look.ts';
import { RefusedError } from './refusals.ts';
import type { LedgeredSteward, Steward } from './steward.ts';

export { isMeant, type JobRestorePoints, type RestorePointsReport } from '#operations/report/restore-points.ts';

/**
 * Where each job can be restored from.
 *
 * @param job only this one: its id, the first digits of it, or its label; null for all.
 * @throws RefusedError where no job is called that.
 */
export function restorePointsOf(
  { config }: Steward,
  { survey, totals, damage }: Pick<Look, 'survey' | 'totals' | 'damage'>,
  job: string | null,
): RestorePointsReport {
  const report = restorePoints({ survey, totals, labels: config.labels, only: job, damage });
  if (job !== null && report.jobs.length === 0) throw new RefusedError({ code: 'no-such-job', job });
  return report;
}

/** Leaves them in the ledger, for alarms that come before the next survey. @throws StoreError */
export async function leaveRestorePoints({ ledger, config }: LedgeredSteward, run: RunReport): Promise<void> {
  await rememberRestorePoints(ledger, run, config.labels);
}
