import * as z from 'zod';
import type { RestoredSnapshot, RunningJob } from '#ports/running-jobs.ts';

/**
 * What Flink's REST endpoint answers, as far as it is needed here (1.15 to 2.3: `JobIdsWithStatusOverview`,
 * `JobDetails`, `CheckpointConfigInfo` and `CheckpointingStatistics` of flink-runtime). Further fields come and go with
 * the releases and are left alone.
 */

const jobId = z
  .string()
  .regex(/^[0-9a-fA-F]{32}$/, { error: 'not 32 hex digits' })
  .transform((id) => id.toLowerCase());
const count = z.int().nonnegative();

/** `GET /jobs` */
export const jobsSchema = z.object({ jobs: z.array(z.object({ id: jobId, status: z.string() })) });

/** `GET /jobs/overview`; `duration` is milliseconds since the JobManager took the job up. */
export const overviewSchema = z.object({
  jobs: z.array(z.object({ jid: jobId, name: z.string(), state: z.string(), duration: z.number() })),
});

/** `GET /jobs/:jobid/checkpoints/config`; milliseconds, without an upper bound. */
export const checkpointConfigSchema = z.object({ timeout: z.number().nonnegative() });
export type CheckpointConfig = z.output<typeof checkpointConfigSchema>;

const checkpoint = z.object({
  id: count,
  status: z.string(),
  is_savepoint: z.boolean(),
  trigger_timestamp: z.number(),
  external_path: z.string().nullish(),
});

const restored = z.object({
  id: count,
  restore_timestamp: z.number(),
  is_savepoint: z.boolean(),
  external_path: z.string().nullish(),
});

/** `GET /jobs/:jobid/checkpoints` */
export const statisticsSchema = z.object({
  counts: z.object({ restored: count, in_progress: count }),
  latest: z.object({ completed: checkpoint.nullish(), restored: restored.nullish() }),
  history: z.array(checkpoint),
});
export type Statistics = z.output<typeof statisticsSchema>;

/** `ErrorResponseBody`: what went wrong, in Flink's words, some of them with a stack trace. */
export const errorsSchema = z.object({ errors: z.array(z.string()).min(1) });

export interface ListedJob {
  readonly jobId: string;
  readonly name: string;
  readonly state: string;
  /** Milliseconds since this JobManager took it up. */
  readonly duration: number;
}

/**
 * The only states after which a job never comes back. `SUSPENDED` is not among them: another JobManager takes such a
 * job up again. A state that a later Flink may add counts as running.
 */
const ENDED: ReadonlySet<string> = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** A job counts as ended only where both lists say so, or do not know it. */
export function jobsNotEnded(
  { jobs }: z.output<typeof jobsSchema>,
  overview: z.output<typeof overviewSchema>,
): readonly ListedJob[] {
  const running = new Map<string, ListedJob>();
  for (const { id, status } of jobs) {
    if (!ENDED.has(status)) {
      running.set(id, { jobId: id, name: id, state: status, duration: 0 });
    }
  }
  for (const { jid, name, state, duration } of overview.jobs) {
    const known = running.get(jid);
    if (known !== undefined || !ENDED.has(state)) {
      running.set(jid, { jobId: jid, name, state: known?.state ?? state, duration });
    }
  }
  return [...running.values()];
}

/**
 * What is said of a job, and what is missing.
 *
 * @param statistics null where the cluster could not tell; `'off'` where the job takes no checkpoints at all.
 */
export function runningJob(
  job: ListedJob,
  config: CheckpointConfig | null,
  statistics: Statistics | 'off' | null,
): RunningJob {
  const { jobId, name, state } = job;
  const told = { jobId, name, state, checkpointTimeout: config?.timeout ?? null };
  if (statistics === null || statistics === 'off') {
    return {
      ...told,
      inProgress: [],
      inProgressUnnamed: 0,
      restoredFrom: null,
      restoreKnown: statistics === 'off' && hasSettled(job),
      completedCheckpoints: 0,
      completedPaths: [],
    };
  }
  const { counts, latest, history } = statistics;
  const inProgress = history.filter(({ status }) => status === 'IN_PROGRESS').map(({ id }) => BigInt(id));
  const completed = completedCheckpoints(statistics);
  const restoredFrom = restoredSnapshot(latest.restored);
  // From 1.19 on a restart clears what was restored, and it is filled in again a little later.
  const isBeingRestored = counts.restored > 0 && restoredFrom === null;
  return {
    ...told,
    inProgress,
    // With web.checkpoints.history: 0 none is named, however many there are.
    inProgressUnnamed: Math.max(0, counts.in_progress - inProgress.length),
    restoredFrom,
    restoreKnown: restoredFrom === null ? counts.restored === 0 && hasSettled(job) : restoredFrom.path !== null,
    completedCheckpoints: isBeingRestored
      ? 0
      : new Set(completed.filter((taken) => isSince(taken, latest.restored)).map(({ id }) => id)).size,
    completedPaths: [...new Set(completed.flatMap(({ external_path: path }) => addressable(path) ?? []))],
  };
}

/** Statistics may be as old as `web.refresh-interval`: 3 s by default, and twenty times that is allowed for here. */
const SETTLED = 60_000;
const STARTED: ReadonlySet<string> = new Set(['RUNNING', 'RESTARTING', 'FAILING', 'CANCELLING']);

/** Whether a job of which no restore is told is not about to be restored. */
function hasSettled({ state, duration }: ListedJob): boolean {
  return STARTED.has(state) && duration >= SETTLED;
}

/**
 * Newest first. Savepoints don't count: a job does not recover from them, and they don't end its dependence on what
 * it was restored from. `latest.completed` can be one all the same, when savepoints complete out of order (2.3.0,
 * `CheckpointStatsHistory`).
 */
function completedCheckpoints({ latest, history }: Statistics): Statistics['history'] {
  return [...(latest.completed ? [latest.completed] : []), ...history]
    .filter(({ status, is_savepoint: isSavepoint }) => status === 'COMPLETED' && !isSavepoint)
    .sort((a, b) => b.id - a.id);
}

type Checkpoint = Statistics['history'][number];
type Restored = Statistics['latest']['restored'];

/** By number and by time: a job continues the numbers of what it was restored from, and may be restored repeatedly. */
function isSince({ id, trigger_timestamp: triggered }: Checkpoint, since: Restored): boolean {
  return !since || (id > since.id && triggered >= since.restore_timestamp);
}

function restoredSnapshot(from: Restored): RestoredSnapshot | null {
  return from ? { path: addressable(from.external_path), isSavepoint: from.is_savepoint, id: BigInt(from.id) } : null;
}

/** State that only the JobManager's memory holds has `<checkpoint-not-externally-addressable>` for a path. */
function addressable(path: string | null | undefined): string | null {
  return path === null || path === undefined || path.startsWith('<') ? null : path;
}
