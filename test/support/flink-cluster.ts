import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/**
 * The REST endpoint of a JobManager, as far as the steward asks it, with answers in the shapes of Flink 1.20 and 2.3
 * (`JobIdsWithStatusOverview`, `MultipleJobsDetails`, `CheckpointConfigInfo`, `CheckpointingStatistics`).
 */

export interface PlayedAnswer {
  readonly status?: number;
  /** Text goes out as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PlayedCheckpoint {
  readonly id: number;
  readonly status?: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly savepoint?: boolean;
  readonly triggered?: number;
  readonly path?: string | null;
}

export interface PlayedCluster {
  readonly jobId: string;
  readonly name?: string;
  readonly state?: string;
  readonly duration?: number;
  readonly timeout?: number;
  readonly restored?: {
    readonly id: number;
    readonly path: string | null;
    readonly savepoint?: boolean;
    readonly at?: number;
  };
  readonly restores?: number;
  readonly inProgress?: number;
  /** Newest first. */
  readonly history?: readonly PlayedCheckpoint[];
  /** Where it is none of the history. */
  readonly latestCompleted?: PlayedCheckpoint;
}

export interface FlinkCluster {
  readonly endpoint: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Headers of the last request. */
  headers(): IncomingMessage['headers'];
  /** What the endpoint answers from now on, whatever else it would. Several answers are given one after the other. */
  answer(path: string, ...answers: readonly PlayedAnswer[]): void;
  /** Called with the path of each request before it is answered. */
  onRequest(listener: (path: string) => void): void;
  close(): Promise<void>;
}

const SINCE = Date.UTC(2026, 0, 31, 11);

/** Starts clusters for one test file, and closes each after its test. */
export function useFlinkClusters(): (jobs?: readonly PlayedCluster[]) => Promise<FlinkCluster> {
  const open: FlinkCluster[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((cluster) => cluster.close()));
  });
  return async (jobs = []) => {
    const cluster = await serve(jobs);
    open.push(cluster);
    return cluster;
  };
}

async function serve(jobs: readonly PlayedCluster[]): Promise<FlinkCluster> {
  const asked: string[] = [];
  const played = new Map<string, PlayedAnswer[]>();
  const ordinary = answersOf(jobs);
  let listener: (path: string) => void = () => undefined;
  let headers: IncomingMessage['headers'] = {};
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    asked.push(path);
    headers = request.headers;
    listener(path);
    const queue = played.get(path) ?? [];
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? ordinary.get(path) ?? NOT_FOUND;
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json; charset=UTF-8', ...answer.headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    headers: () => headers,
    answer: (path, ...answers) => {
      played.set(path, [...answers]);
    },
    onRequest: (called) => {
      listener = called;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What Flink says of what it does not know, with the stack trace that it adds. */
export function errorBody(exception: string, words: string): { readonly errors: readonly string[] } {
  const trace =
    '\tat org.apache.flink.runtime.rest.handler.AbstractRestHandler.respondToRequest(AbstractRestHandler.java:90)';
  return { errors: [`org.apache.flink.runtime.rest.${exception}: ${words}\n${trace}`] };
}

export const NOT_FOUND: PlayedAnswer = { status: 404, body: { errors: ['Not found: /nowhere'] } };

function answersOf(jobs: readonly PlayedCluster[]): ReadonlyMap<string, PlayedAnswer> {
  const answers = new Map<string, PlayedAnswer>([
    ['/jobs', { body: { jobs: jobs.map(({ jobId, state }) => ({ id: jobId, status: state ?? 'RUNNING' })) } }],
    ['/jobs/overview', { body: { jobs: jobs.map(overviewOf) } }],
  ]);
  for (const job of jobs) {
    answers.set(`/jobs/${job.jobId}/checkpoints/config`, { body: configOf(job) });
    answers.set(`/jobs/${job.jobId}/checkpoints`, { body: statisticsOf(job) });
  }
  return answers;
}

function overviewOf({ jobId, name, state, duration }: PlayedCluster): object {
  return {
    jid: jobId,
    name: name ?? 'orders',
    'start-time': SINCE,
    'end-time': -1,
    duration: duration ?? 3_600_000,
    state: state ?? 'RUNNING',
    'last-modification': SINCE,
    tasks: {
      running: 2,
      canceling: 0,
      canceled: 0,
      total: 2,
      created: 0,
      scheduled: 0,
      deploying: 0,
      reconciling: 0,
      finished: 0,
      initializing: 0,
      failed: 0,
    },
  };
}

function configOf({ timeout }: PlayedCluster): object {
  return {
    mode: 'at_least_once',
    // What Flink has where checkpoints are not taken periodically.
    interval: 2 ** 63,
    timeout: timeout ?? 600_000,
    min_pause: 0,
    max_concurrent: 1,
    externalization: { enabled: true, delete_on_cancellation: false },
    state_backend: 'EmbeddedRocksDBStateBackend',
    checkpoint_storage: 'FileSystemCheckpointStorage',
    unaligned_checkpoints: false,
    tolerable_failed_checkpoints: 0,
    aligned_checkpoint_timeout: 0,
    checkpoints_after_tasks_finish: true,
    state_changelog_enabled: false,
    changelog_periodic_materialization_interval: 600_000,
    changelog_storage: 'InMemoryStateChangelogStorage',
  };
}

function statisticsOf({ restored, restores, inProgress, history = [], latestCompleted }: PlayedCluster): object {
  const completed = latestCompleted ?? history.find(({ status, savepoint }) => !savepoint && isCompleted(status));
  return {
    counts: {
      restored: restores ?? (restored === undefined ? 0 : 1),
      total: history.length,
      in_progress: inProgress ?? history.filter(({ status }) => status === 'IN_PROGRESS').length,
      completed: history.filter(({ status }) => isCompleted(status)).length,
      failed: 0,
    },
    summary: {},
    latest: {
      completed: completed === undefined ? null : checkpointOf(completed),
      savepoint: null,
      failed: null,
      restored:
        restored === undefined
          ? null
          : {
              id: restored.id,
              restore_timestamp: restored.at ?? SINCE,
              is_savepoint: restored.savepoint ?? false,
              external_path: restored.path,
            },
    },
    history: history.map(checkpointOf),
  };
}

function isCompleted(status: PlayedCheckpoint['status']): boolean {
  return status === undefined || status === 'COMPLETED';
}

function checkpointOf({ id, status = 'COMPLETED', savepoint = false, triggered, path }: PlayedCheckpoint): object {
  return {
    className: status.toLowerCase(),
    id,
    status,
    is_savepoint: savepoint,
    savepointFormat: savepoint ? 'CANONICAL' : null,
    trigger_timestamp: triggered ?? SINCE + id * 60_000,
    latest_ack_timestamp: SINCE + id * 60_000 + 900,
    checkpointed_size: 1234,
    state_size: 5678,
    end_to_end_duration: 900,
    alignment_buffered: 0,
    processed_data: 0,
    persisted_data: 0,
    num_subtasks: 2,
    num_acknowledged_subtasks: 2,
    checkpoint_type: savepoint ? 'SAVEPOINT' : 'CHECKPOINT',
    tasks: {},
    ...(status === 'COMPLETED' ? { external_path: path ?? null, discarded: false } : {}),
  };
}
