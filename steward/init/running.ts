import { FlinkRest } from '#adapters/flink-rest/flink-rest.ts';
import { RunningJobsError } from '#ports/running-jobs.ts';
import type { ReportedJob } from './job-labels.ts';

/** What clusters say of the jobs that run in them, for names and timeouts. */

export interface ReportedNow {
  readonly jobs: readonly ReportedJob[];
  /** Milliseconds; null where none was reported. */
  readonly checkpointTimeout: number | null;
  /** Of the clusters that gave no answer, in sentences. */
  readonly notes: readonly string[];
}

/** Asks the clusters one after the other. A silent one is a note. @throws RunningJobsError for what is no address. */
export async function askRunning(addresses: readonly string[], signal?: AbortSignal): Promise<ReportedNow> {
  const jobs: ReportedJob[] = [];
  const timeouts: number[] = [];
  const notes: string[] = [];
  for (const address of addresses) {
    const cluster = new FlinkRest(address);
    try {
      for (const { jobId, name, checkpointTimeout } of await cluster.jobs(signal)) {
        jobs.push({ jobId, name });
        if (checkpointTimeout !== null) timeouts.push(checkpointTimeout);
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof RunningJobsError)) throw error;
      notes.push(
        `${error.message} So the labels do not contain the names of its jobs. While it does not answer, nothing is deleted.`,
      );
    }
  }
  return {
    jobs,
    checkpointTimeout: timeouts.length === 0 ? null : Math.max(...timeouts),
    notes,
  };
}
