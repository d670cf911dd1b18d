import type { CsvColumns } from '#core/csv.ts';
import type { AuditReport, JobAudit } from './audit.ts';

/** The jobs, as `steward audit --format csv` prints them and the report page offers them. @param report for the currency of its costs. */
export function jobColumns({ cost }: Pick<AuditReport, 'cost'>): CsvColumns<JobAudit> {
  const currency = (cost?.currency ?? 'USD').toLowerCase();
  return {
    label: ({ label }) => label,
    job: ({ job }) => job,
    directory: ({ directory }) => directory,
    state: ({ state }) => state,
    declared_dead: ({ declaredDead }) => declaredDead,
    last_write: ({ lastWrite }) => lastWrite,
    total_objects: ({ total }) => total.objects,
    total_bytes: ({ total }) => total.bytes,
    live_bytes: ({ groups }) => groups.live.bytes,
    reclaimable_bytes: ({ groups }) => groups.reclaimable.bytes,
    young_bytes: ({ groups }) => groups.young.bytes,
    in_progress_bytes: ({ groups }) => groups.inProgress.bytes,
    protected_bytes: ({ groups }) => groups.protected.bytes,
    unknown_bytes: ({ groups }) => groups.unknown.bytes,
    undecided_bytes: ({ groups }) => groups.undecided.bytes,
    growth_bytes_per_day: ({ outlook }) => outlook.growthBytesPerDay,
    [`cost_per_month_${currency}`]: ({ costPerMonth }) => costPerMonth?.total ?? null,
    checkpoints: ({ checkpoints }) => checkpoints,
    savepoints: ({ savepoints }) => savepoints,
    damaged: ({ damaged }) => damaged.length,
    restore_points: ({ restorePoints }) => restorePoints,
    newest_restore_point: ({ newestRestorePoint }) => newestRestorePoint?.path ?? null,
    newest_restore_point_completed: ({ newestRestorePoint }) => newestRestorePoint?.completed ?? null,
    newest_restore_point_age_seconds: ({ newestRestorePoint }) => newestRestorePoint?.ageSeconds ?? null,
  };
}
