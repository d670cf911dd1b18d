import { count } from '#core/quantity.ts';
import { RunningJobsError } from '#ports/running-jobs.ts';
import type { Steward } from '../steward.ts';
import { type Finding, finding } from './finding.ts';

/** Whether the Flink clusters of `flinkRest` answer: while one of them does not, no run deletes anything. None without. */
export async function checkClusters(
  { input }: Pick<Steward, 'input'>,
  signal: AbortSignal | undefined,
): Promise<readonly Finding[]> {
  return await Promise.all(
    (input.running ?? []).map(async (cluster) => {
      try {
        const jobs = await cluster.jobs(signal);
        return finding('flink-rest', null, 'ok', `${cluster.name} answers: ${count(jobs.length, 'job')} not ended.`);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof RunningJobsError)) throw error;
        return finding('flink-rest', null, 'wrong', error.message, {
          advice:
            'Make the cluster reachable from here, or remove it from "flinkRest". While it does not answer, nothing is deleted.',
        });
      }
    }),
  );
}
