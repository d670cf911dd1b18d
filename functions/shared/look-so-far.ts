import { hasRoom, type ListedSoFar, type LookRoom, sayForecast } from '#core/look-forecast.ts';
import type { SurveyProgress } from '#steward/documents.ts';
import type { Runtime } from './runtime.ts';

/** Where Lambda tells a function its memory, in MiB. */
const MEMORY = 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE';

/** Follows a look at the area through an invocation, to tell early, and at its end, whether the time is enough. */
export class LookSoFar {
  readonly #runtime: Pick<Runtime, 'environment' | 'remaining' | 'log'>;
  readonly #room: LookRoom;
  readonly #began: number;
  #listed: ListedSoFar | null = null;
  #hasWarned = false;

  /** @param margin milliseconds before the time-out after which nothing new is started. */
  constructor(runtime: Pick<Runtime, 'environment' | 'remaining' | 'log'>, margin: number) {
    this.#runtime = runtime;
    this.#began = runtime.remaining();
    this.#room = { time: this.#began - margin, memory: Number(runtime.environment[MEMORY]) || null };
  }

  /** Takes what a survey tells of itself. Only the listing has a pace that tells how long the rest takes. */
  take({ objects, expected, rootsRead }: SurveyProgress): void {
    if (rootsRead > 0) return;
    this.#listed = { objects, expected, took: this.#began - this.#runtime.remaining() };
    if (this.#hasWarned || hasRoom(this.#listed, this.#room) !== false) return;
    this.#hasWarned = true;
    this.#runtime.log('warn', `This look will not be finished in time. ${this.say()}`);
  }

  /** How far it came, and what it needs; empty where nothing was listed. */
  say(): string {
    return this.#listed === null ? '' : sayForecast(this.#listed, this.#room);
  }
}
