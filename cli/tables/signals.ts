import type { CsvColumns } from '#core/csv.ts';
import { isoTime } from '#core/iso-time.ts';
import { ALARMS } from '#core/signals/alarms.ts';
import type { Episode } from '#core/signals/replay.ts';

/** `steward signals --format csv`: each time that an alarm would have fired. */
export const ALARM_COLUMNS: CsvColumns<Episode & { readonly job: string }> = {
  job: ({ job }) => job,
  alarm: ({ alarm }) => alarm,
  fired: ({ fired }) => isoTime(fired),
  recovered: ({ recovered }) => (recovered === null ? null : isoTime(recovered)),
  metric: ({ alarm }) => ALARMS.find(({ id }) => id === alarm)?.source.metric ?? null,
  value: ({ value }) => value,
  threshold: ({ threshold }) => threshold,
  cause: ({ cause }) => cause,
  budget_bytes: ({ budget }) => budget?.bytes ?? null,
};
