/**
 * The numbers and declarations that decide what may be deleted, as an operator sets them (`collect` in `steward.json`).
 * All durations are milliseconds.
 */
export interface CollectSettings {
  /** An object younger than this is never garbage. */
  readonly minAge: number;
  /** How long an object must have been garbage, in every run, before it is deleted. */
  readonly quarantine: number;
  /** `execution.checkpointing.timeout` of the slowest job. */
  readonly checkpointTimeout: number;
  /** Without any write for so long, a job needs no later checkpoint to show that it uses a file no more. */
  readonly deadAfter: number;
  /** Without any root and any write for so long, a job directory counts as abandoned. */
  readonly abandonedAfter: number;
  /** Share of the area's objects or bytes, 0 to 1, above which a run stops before it deletes. */
  readonly maxDeleteFraction: number;
  /** The operator's declaration that no write-ahead sink keeps files under `taskowned/`. */
  readonly taskowned: boolean;
  readonly taskownedMinAge: number;
  /** Whether files of savepoints that never completed may be deleted. */
  readonly failedSavepoints: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What holds where `steward.json` sets nothing. */
export const DEFAULT_COLLECT_SETTINGS: CollectSettings = {
  minAge: 24 * HOUR,
  quarantine: 20 * HOUR,
  checkpointTimeout: 10 * MINUTE,
  deadAfter: 14 * DAY,
  abandonedAfter: 30 * DAY,
  maxDeleteFraction: 0.3,
  taskowned: false,
  taskownedMinAge: 7 * DAY,
  failedSavepoints: false,
};
