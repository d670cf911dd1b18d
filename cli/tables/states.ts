import type { CsvColumns } from '#core/csv.ts';
import type { JobStatesView, StateView } from '#steward/states.ts';

/** One state, and the job that it is of. */
export interface StateOfJob {
  readonly job: JobStatesView;
  readonly state: StateView;
}

/** `steward states --format csv`: a line for each state of each job. */
export const STATE_COLUMNS: CsvColumns<StateOfJob> = {
  label: ({ job: { label } }) => label,
  job: ({ job: { job } }) => job,
  directory: ({ job: { directory } }) => directory,
  checkpoint: ({ job: { root } }) => root?.path ?? null,
  operator_id: ({ state: { operator } }) => operator,
  operator: ({ job: { operators }, state: { operator } }) =>
    operators.operators.find(({ id }) => id === operator)?.name ?? null,
  kind: ({ state: { kind } }) => kind,
  state: ({ state: { state } }) => state,
  type: ({ state: { type } }) => type,
  has_ttl: ({ state: { hasTtl } }) => (hasTtl === null ? null : hasTtl ? 'yes' : 'no'),
  bytes: ({ state: { bytes } }) => bytes,
  files: ({ state: { files } }) => files,
  entries: ({ state: { entries } }) => entries,
  deletions: ({ state: { deletions } }) => deletions,
  mean_value_bytes: ({ state: { meanValueBytes } }) => meanValueBytes,
  compression: ({ state: { compression } }) => compression.join(' '),
  oldest_file: ({ state: { oldestFile } }) => oldestFile,
  newest_file: ({ state: { newestFile } }) => newestFile,
  skew_ratio: ({ state: { skew } }) => skew?.ratio ?? null,
  growth_bytes_per_day: ({ state: { growthBytesPerDay } }) => growthBytesPerDay,
  cost_per_month: ({ state: { costPerMonth } }) => costPerMonth,
};
