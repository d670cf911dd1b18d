import type { Observation } from '#operations/ledger/observations.ts';
import { JOB } from '#test/support/played-job.ts';

/** What was seen of a checkpoint of the usual job. @param completed epoch milliseconds. */
export function observationOf(checkpoint: number, completed: number, more: Partial<Observation> = {}): Observation {
  return {
    observation: 1,
    url: `s3://bucket/flink/${JOB}/chk-${checkpoint}/_metadata`,
    etag: 'e',
    completed: new Date(completed).toISOString(),
    metadataBytes: 977,
    job: JOB,
    directory: `flink/${JOB}/`,
    checkpointId: String(checkpoint),
    kind: 'checkpoint',
    files: 2,
    bytes: 5_000,
    exclusiveBytes: 0,
    unreadable: null,
    ...more,
  };
}
