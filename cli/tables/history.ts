import type { CsvColumns } from '#core/csv.ts';
import type { LoggedDeletion, RunRecord } from '#steward/history.ts';

/** `steward history --format csv`: the runs. */
export const RUN_COLUMNS: CsvColumns<RunRecord> = {
  run: ({ run }) => run,
  command: ({ command }) => command,
  began: ({ began }) => began,
  ended: ({ ended }) => ended,
  executed: ({ executed }) => executed,
  result: ({ result }) => result,
  breakers: ({ breakers }) => (breakers.length === 0 ? null : breakers.join(' ')),
  why: ({ why }) => why,
  total_objects: ({ total }) => total.objects,
  total_bytes: ({ total }) => total.bytes,
  live_bytes: ({ live }) => live.bytes,
  quarantined_objects: ({ quarantined }) => quarantined.objects,
  quarantined_bytes: ({ quarantined }) => quarantined.bytes,
  deletable_objects: ({ deletable }) => deletable.objects,
  deletable_bytes: ({ deletable }) => deletable.bytes,
  deleted_objects: ({ deleted }) => deleted.objects,
  deleted_bytes: ({ deleted }) => deleted.bytes,
  kept_objects: ({ kept }) => kept,
  refused_objects: ({ refused }) => refused,
  roots: ({ roots }) => roots,
  retired_roots: ({ retired }) => retired,
  put_back: ({ restored }) => restored,
};

/** `steward history --format csv` with `--run` or `--object`: the objects that runs were to delete. */
export const DELETION_COLUMNS: CsvColumns<LoggedDeletion> = {
  run: ({ run }) => run,
  url: ({ url }) => url,
  etag: ({ etag }) => etag,
  bytes: ({ bytes }) => bytes,
  outcome: ({ outcome }) => outcome,
  why: ({ why }) => why,
  rule: ({ rule }) => rule,
  garbage_since: ({ garbageSince }) => garbageSince ?? null,
  version_id: ({ versionId }) => versionId,
};
