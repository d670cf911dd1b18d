import { type RunningJob, type RunningJobs, RunningJobsError } from '#ports/running-jobs.ts';
import type { Gate } from '#test/support/gate.ts';
import { JOBS, longName } from './names.ts';
import type { RunningScript } from './script.ts';

const NAME = 'http://flink:8081';

/** A cluster that says of its jobs what a script tells. */
export function clusterOf(running: readonly RunningScript[], gate: Gate): RunningJobs {
  return {
    name: NAME,
    jobs: () =>
      gate.pass(
        'rest',
        () => running.map(jobOf),
        (why) => new RunningJobsError(NAME, why),
      ),
  };
}

function jobOf({ job, inProgress = [], restoredFrom }: RunningScript): RunningJob {
  const path = restoredFrom === undefined ? '' : `s3://bucket/${longName(restoredFrom).replace(/\/_metadata$/, '')}`;
  return {
    jobId: JOBS[job],
    name: job,
    state: 'RUNNING',
    checkpointTimeout: null,
    inProgress: inProgress.map(BigInt),
    inProgressUnnamed: 0,
    restoredFrom: restoredFrom === undefined ? null : { path, isSavepoint: false, id: 9n },
    restoreKnown: true,
    completedCheckpoints: restoredFrom === undefined ? 1 : 0,
    completedPaths: [],
  };
}
