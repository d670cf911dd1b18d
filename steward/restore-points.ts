import { rememberRestorePoints } from '#operations/jobs/remember-restore-points.ts';
import { type RestorePointsReport, restorePoints } from '#operations/report/restore-points.ts';
import type { RunReport } from '#operations/run/run.ts';
import { jobsNamed } from './job-names.ts';
import type { Look } from './look.ts';
import type { LedgeredSteward, Steward } from './steward.ts';

export type { JobRestorePoints, RestorePointsReport } from '#operations/report/restore-points.ts';

/**
 * What each job can be restored from.
 *
 * @param job only this job: see `jobsNamed`; null for all jobs.
 * @throws RefusedError if there is no such job, or the ids of several begin so.
 */
export function restorePointsOf(
  { config }: Steward,
  { survey, totals, damage }: Pick<Look, 'survey' | 'totals' | 'damage'>,
  job: string | null,
): RestorePointsReport {
  const report = restorePoints({ survey, totals, labels: config.labels, damage });
  return job === null ? report : { ...report, jobs: jobsNamed(report.jobs, job) };
}

/** Writes the newest restore points into the ledger, for alarms before the next survey. @throws StoreError */
export async function leaveRestorePoints({ ledger, config }: LedgeredSteward, run: RunReport): Promise<void> {
  await rememberRestorePoints(ledger, run, config.labels);
}
