import type { Area } from '#core/area/area.ts';
import { Liveness, type ReportedJob, type SilentCluster } from '#core/collect/liveness.ts';
import { type RunningJobs, RunningJobsError } from '#ports/running-jobs.ts';

/**
 * Asks the clusters of the configuration which jobs run.
 *
 * A survey asks after its start is frozen and all objects are listed, and before it reads the roots:
 *
 * - A job that does not run when it is asked for has written its last root by then, so the reading that follows sees
 *   that root. Asked after the reading, a job could complete a checkpoint that takes up an old upload, end, and be
 *   called dead, while the root that shows its use was never read.
 * - A job that is submitted after the question knows, of all that is older than the frozen start, nothing but what the
 *   root names that it is restored from. That root is read; what the job writes itself is younger than the start.
 * - A job that ends meanwhile counts as running for this run.
 *
 * Retirement is different: between the question and the act a job can be restored from the very root that is to be
 * retired. Whoever retires asks again right before.
 */
export async function askClusters(
  area: Area,
  clusters: readonly RunningJobs[],
  signal?: AbortSignal,
): Promise<Liveness> {
  const jobs: ReportedJob[] = [];
  const silent: SilentCluster[] = [];
  const answers = await Promise.allSettled(clusters.map(async (cluster) => await cluster.jobs(signal)));
  for (const [at, answer] of answers.entries()) {
    const cluster = clusters[at]?.name ?? '';
    if (answer.status === 'fulfilled') {
      jobs.push(...answer.value.map((job) => ({ ...job, cluster })));
    } else if (answer.reason instanceof RunningJobsError) {
      silent.push({ cluster, why: answer.reason.why });
    } else {
      throw answer.reason;
    }
  }
  return new Liveness(area, jobs, silent);
}
