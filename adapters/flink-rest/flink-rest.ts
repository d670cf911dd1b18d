import pMap from 'p-map';
import type * as z from 'zod';
import type { RunningJob, RunningJobs } from '#ports/running-jobs.ts';
import {
  checkpointConfigSchema,
  jobsNotEnded,
  jobsSchema,
  type ListedJob,
  overviewSchema,
  runningJob,
  type Statistics,
  statisticsSchema,
} from './answers.ts';
import { RestClient, type RestOptions } from './rest-client.ts';

/** Jobs that are asked about side by side. A JobManager answers from its memory, and has more to do. */
const CONCURRENCY = 4;

/**
 * A Flink cluster, asked through the REST endpoint of its JobManager (1.15 to 2.3).
 *
 * Its answers about checkpoints may be as old as `web.refresh-interval` (3 s by default).
 */
export class FlinkRest implements RunningJobs {
  readonly name: string;
  readonly #client: RestClient;

  /**
   * @param endpoint as in `http://jobmanager:8081`, with a path where a proxy needs one, and with a login if need be.
   * @throws RunningJobsError for what is no address.
   */
  constructor(endpoint: string, options: RestOptions = {}) {
    this.#client = new RestClient(endpoint, options);
    this.name = this.#client.name;
  }

  async jobs(signal?: AbortSignal): Promise<readonly RunningJob[]> {
    // A history server answers /jobs/overview too, with nothing but ended jobs. It does not know /jobs.
    const ids = await this.#ask('/jobs', jobsSchema, signal);
    const overview = await this.#ask('/jobs/overview', overviewSchema, signal);
    return await pMap(jobsNotEnded(ids, overview), (job) => this.#detailsOf(job, signal), {
      concurrency: CONCURRENCY,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async #detailsOf(job: ListedJob, signal: AbortSignal | undefined): Promise<RunningJob> {
    // Of a job that starts, Flink knows nothing yet (it answers 500), or only what an ended job of this id was like.
    if (job.state === 'INITIALIZING') {
      return runningJob(job, null, null);
    }
    const path = `/jobs/${job.jobId}/checkpoints`;
    const config = await this.#find(`${path}/config`, checkpointConfigSchema, signal);
    const statistics = await this.#find(path, statisticsSchema, signal);
    return runningJob(job, config.body, statisticsOf(statistics));
  }

  async #ask<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Schema>> {
    const { body } = await this.#find(path, schema, signal);
    if (body === null) {
      throw this.#client.failure(
        `it does not know ${path} (404), so it is not a JobManager: it may be a history server, or a proxy that needs a path`,
      );
    }
    return body;
  }

  async #find<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    signal: AbortSignal | undefined,
  ): Promise<Found<z.output<Schema>>> {
    const answer = await this.#client.get(path, signal);
    if (!answer.found) {
      return { body: null, words: answer.words };
    }
    const parsed = schema.safeParse(answer.body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
      throw this.#client.failure(
        `its answer to ${path} is not an answer of Flink 1.15 to 2.3 (${issue?.message}${where})`,
        parsed.error,
      );
    }
    return { body: parsed.data, words: '' };
  }
}

interface Found<Body> {
  readonly body: Body | null;
  /** What was said in place of a body. */
  readonly words: string;
}

/** 404 is said of a job without checkpoints, and of one that ended after it was listed; that one counts as running. */
function statisticsOf({ body, words }: Found<Statistics>): Statistics | 'off' | null {
  return body === null && /^Checkpointing (is not|has not been) enabled/.test(lastOf(words)) ? 'off' : body;
}

/** Flink puts the class of its exception before the words: `…RestHandlerException: Checkpointing has not been enabled.` */
function lastOf(words: string): string {
  return words.replace(/^[\w.$]+: /, '');
}
