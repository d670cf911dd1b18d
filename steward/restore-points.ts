import { rememberRestorePoints } from '#operations/jobs/remember-restore-points.ts';
import { type RestorePointsReport, restorePoints } from '#operations/report/restore-points.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { Look } from './look.ts';
import { RefusedError } from './refusals.ts';
import type { LedgeredSteward, Steward } from './steward.ts';

export { isMeant, type JobRestorePoints, type RestorePointsReport } from '#operations/report/restore-points.ts';

/**
 * What each job can be restored from.
 *
 * @param job only this job: its label, its id, or the first digits of its id; null for all jobs.
 * @throws RefusedError if there is no such job.
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

/** Writes the newest restore points into the ledger, for alarms before the next survey. @throws StoreError */
export async function leaveRestorePoints({ ledger, config }: LedgeredSteward, run: RunReport): Promise<void> {
  await rememberRestorePoints(ledger, run, config.labels);
}
