import { setTimeout as pause } from 'node:timers/promises';
import { RunningJobsError } from '#ports/running-jobs.ts';
import { errorsSchema } from './answers.ts';

/** Asks one REST endpoint. Whatever is not a whole answer becomes a sentence. */

export interface RestOptions {
  /** Milliseconds for one request, its body included. */
  readonly timeout?: number;
  /** Milliseconds before a failed request is made once more. */
  readonly pause?: number;
  /** Bytes above which an answer is not read on. */
  readonly mostBytes?: number;
}

/** The answer, or the definite news that the cluster knows nothing of it, in its own words. */
export type RestAnswer =
  | { readonly found: true; readonly body: unknown }
  | { readonly found: false; readonly words: string };

/** A JobManager that starts, or has just lost its leadership, answers 503; proxies answer 502 and 504 for it. */
const PASSING: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const MOST_WORDS = 200;

export class RestClient {
  /** The address without credentials and without a slash at its end. */
  readonly name: string;
  readonly #authorization: string | null;
  readonly #options: Required<RestOptions>;

  /** @throws RunningJobsError for what is no address. */
  constructor(endpoint: string, options: RestOptions = {}) {
    if (!URL.canParse(endpoint)) {
      throw new RunningJobsError(endpoint, 'it is not an address. Use one such as "http://jobmanager:8081"');
    }
    const { protocol, host, pathname, username, password } = new URL(endpoint);
    this.name = `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
    // fetch refuses addresses with a login in them.
    const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#authorization = login === ':' ? null : `Basic ${Buffer.from(login).toString('base64')}`;
    this.#options = { timeout: 10_000, pause: 500, mostBytes: 16 * 1024 * 1024, ...options };
  }

  /**
   * @param path with its leading slash.
   * @throws RunningJobsError for everything but an answer and a definite 404. What `signal` aborts ends with its reason.
   */
  async get(path: string, signal?: AbortSignal): Promise<RestAnswer> {
    try {
      return await this.#once(path, signal);
    } catch (error) {
      if (!(error instanceof PassingFailure)) {
        throw error;
      }
      await pause(this.#options.pause, undefined, signal === undefined ? {} : { signal });
      return await this.#once(path, signal);
    }
  }

  /** An error of this endpoint. */
  failure(why: string, cause?: unknown): RunningJobsError {
    return new RunningJobsError(this.name, why, { cause });
  }

  async #once(path: string, signal: AbortSignal | undefined): Promise<RestAnswer> {
    const timeout = AbortSignal.timeout(this.#options.timeout);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.name}${path}`, {
        // A redirect may lead to a login page or to another cluster, so none is followed.
        redirect: 'manual',
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
        headers: {
          accept: 'application/json',
          ...(this.#authorization === null ? {} : { authorization: this.#authorization }),
        },
      });
      text = await this.#textOf(response, path);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RunningJobsError) {
        throw error;
      }
      const why = timeout.aborted
        ? `it did not answer ${path} within ${this.#options.timeout / 1000} s`
        : unreached(error, path);
      throw new PassingFailure(this.name, why, { cause: error });
    }
    return this.#answerOf(response, text, path);
  }

  async #textOf({ body }: Response, path: string): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > this.#options.mostBytes) {
        throw this.failure(`its answer to ${path} is longer than ${this.#options.mostBytes} bytes`);
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }

  #answerOf({ status, headers }: Response, text: string, path: string): RestAnswer {
    if (status === 404) {
      return { found: false, words: wordsOf(text) };
    }
    if (status === 401 || status === 403) {
      throw this.failure(`it refuses ${path}: the login is missing or wrong (${status})`);
    }
    if (status >= 300 && status < 400) {
      const target = headers.get('location') ?? 'an unknown address';
      throw this.failure(
        `it redirects to ${target} (${status}), and redirects are not followed; if that address is right, configure it`,
      );
    }
    if (status !== 200) {
      const words = wordsOf(text);
      const why = `it answered ${path} with status ${status}${words === '' ? '' : ` ("${words}")`}`;
      throw PASSING.has(status) ? new PassingFailure(this.name, why) : this.failure(why);
    }
    try {
      const body: unknown = JSON.parse(text);
      return { found: true, body };
    } catch (error) {
      throw this.failure(`its answer to ${path} is not JSON, so this is not Flink's REST endpoint`, error);
    }
  }
}

/** A failure that may have passed when the same is asked again. */
class PassingFailure extends RunningJobsError {}

/** The first line of what Flink says went wrong; the rest is a stack trace. Empty where it is not Flink that speaks. */
function wordsOf(text: string): string {
  try {
    const { data } = errorsSchema.safeParse(JSON.parse(text));
    const words = data?.errors.find((error) => error !== 'Internal server error.') ?? data?.errors[0] ?? '';
    const line = words.split('\n').find((part) => !part.startsWith('<Exception on server side')) ?? '';
    return line.slice(0, MOST_WORDS);
  } catch {
    return '';
  }
}

/** Why no answer came at all. `fetch` hides that in the cause of its error. */
function unreached(error: unknown, path: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at this address (${code})`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `its host name can't be resolved (${code})`;
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return `it closed the connection before it answered ${path}`;
    default:
      return `the request for ${path} failed (${cause instanceof Error ? cause.message : String(cause)})`;
  }
}
