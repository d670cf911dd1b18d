/**
 * What is known of a job over time, across its resubmissions: a job is known by its label, and each submission has a
 * job id of its own.
 */

/** A checkpoint or savepoint that was completed. */
export interface Completion {
  /** Epoch milliseconds: LastModified of its `_metadata`. */
  readonly completed: number;
  /** Of this submission: 32 hex digits, or null where the path does not tell. */
  readonly jobId: string | null;
  /** Decimal, or null where the root could not be read. */
  readonly checkpointId: string | null;
  readonly savepoint: boolean;
  /** Bytes that a restore reads, or null where the root could not be read. */
  readonly bytes: number | null;
  /** Bytes of them that no earlier checkpoint of this job named; null while that is not known. */
  readonly incrementBytes: number | null;
}

/** A job as one survey saw it. All sizes are bytes. */
export interface Measure {
  /** Epoch milliseconds: the start of the survey. */
  readonly at: number;
  readonly live: number;
  /** Garbage, whether it has served its quarantine or not. */
  readonly reclaimable: number;
  /** The part of {@link reclaimable} that has not yet served its quarantine. */
  readonly quarantined: number;
  readonly unknown: number;
  /** All that lies there, young and protected objects included. */
  readonly total: number;
  /** Checkpoints and savepoints that are there. */
  readonly roots: number;
  /** Those of them that can be restored from. */
  readonly restorePoints: number;
  readonly damagedRoots: number;
  /** Whether the newest one was found damaged in two surveys running and has no successor: nothing to restart from. */
  readonly newestDamaged?: boolean | undefined;
  /** In the currency of the price table; null where no prices hold. */
  readonly costPerMonth: number | null;
}

/** What is remembered of all submissions of one label. Sizes are bytes, times epoch milliseconds. */
export interface JobHistory {
  readonly label: string;
  /** Oldest first, each checkpoint once. Old ones may have been thinned out. */
  readonly completions: readonly Completion[];
  /** Oldest first. Old ones may have been thinned out. */
  readonly measures: readonly Measure[];
  /** Whether the job has ended: declared dead, or silent for long. Ended jobs raise no alarm. */
  readonly ended: boolean;
}
