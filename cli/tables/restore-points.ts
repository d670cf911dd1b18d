import type { CsvColumns } from '#core/csv.ts';
import type { JobRestorePoints } from '#steward/restore-points.ts';

/** `steward restore-points --format csv`: the newest restore point of each job; its cells are empty where there is none. */
export const RESTORE_POINT_COLUMNS: CsvColumns<JobRestorePoints> = {
  label: ({ label }) => label,
  job: ({ job }) => job,
  directory: ({ directory }) => directory,
  restore_points: ({ restorePoints }) => restorePoints,
  newest_path: ({ newest }) => newest?.path ?? null,
  newest_kind: ({ newest }) => newest?.kind ?? null,
  newest_checkpoint_id: ({ newest }) => newest?.checkpointId ?? null,
  newest_completed: ({ newest }) => newest?.completed ?? null,
  newest_age_seconds: ({ newest }) => newest?.ageSeconds ?? null,
  newest_bytes: ({ newest }) => newest?.bytes ?? null,
  command: ({ newest }) => newest?.command ?? null,
  reads_from: ({ newest }) => newest?.readsFrom ?? null,
  withheld: ({ withheld }) => withheld.length,
  damaged_since: ({ damagedSince }) => damagedSince.length,
  unreadable_since: ({ unreadable }) => unreadable.length,
  unverified: ({ unverified }) => unverified,
  finding: ({ finding }) => finding,
};
