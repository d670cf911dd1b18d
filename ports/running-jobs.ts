import type { RunningJob } from '#core/flink/running-job.ts';

/** The port to a Flink cluster that can say which jobs it runs. */

export type { RestoredSnapshot, RunningJob } from '#core/flink/running-job.ts';

/** A Flink cluster that is asked which jobs run in it. */
export interface RunningJobs {
  /** How people know this cluster: the address of its REST endpoint, without a password. */
  readonly name: string;
  /**
   * All jobs that have not ended. What ended while this was asked may be among them.
   * @throws RunningJobsError where the answer is not whole; then nothing is known of any job of this cluster.
   */
  jobs(signal?: AbortSignal): Promise<readonly RunningJob[]>;
}

/** A cluster did not say which jobs it runs. It never means that none runs. */
export class RunningJobsError extends Error {
  override readonly name = 'RunningJobsError';
  /** @param why what happened, as a sentence without its beginning and its full stop. */
  constructor(
    readonly cluster: string,
    readonly why: string,
    options?: ErrorOptions,
  ) {
    super(`${cluster} did not report which jobs run: ${why}.`, options);
  }
}
