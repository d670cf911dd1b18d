/**
 * What a Flink cluster itself says of a job that has not ended. It speaks for the moment in which it was asked, and
 * its statistics live in the memory of the JobManager: after a failover of that they begin anew.
 */
export interface RunningJob {
  /** 32 lower-case hex digits. */
  readonly jobId: string;
  readonly name: string;
  /** Flink's word: `RUNNING`, `RESTARTING`, `INITIALIZING`, … */
  readonly state: string;
  /** `execution.checkpointing.timeout` in milliseconds; null where it is not known, or checkpointing is off. */
  readonly checkpointTimeout: number | null;
  /** Ids of checkpoints and savepoints in progress. */
  readonly inProgress: readonly bigint[];
  /** How many more are in progress whose ids are not known: the history of the cluster is too short to show them. */
  readonly inProgressUnnamed: number;
  /** What it was last restored from, be it by its user or after a failure; null where there is none, or none is known. */
  readonly restoredFrom: RestoredSnapshot | null;
  /** Whether {@link restoredFrom} can be relied on: false while the job starts, and where the cluster could not tell. */
  readonly restoreKnown: boolean;
  /** Checkpoints, savepoints not counted, that are known to have completed since that restore; at least so many. */
  readonly completedCheckpoints: number;
  /** Directories of checkpoints that it completed, newest first, as Flink writes paths; some of them, not all. */
  readonly completedPaths: readonly string[];
}

/** The checkpoint or savepoint that a running job was restored from. */
export interface RestoredSnapshot {
  /** The directory that holds the `_metadata`, as Flink writes paths; null where no path leads to it. */
  readonly path: string | null;
  readonly isSavepoint: boolean;
  readonly id: bigint;
}
