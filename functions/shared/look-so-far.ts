import { hasRoom, type ListedSoFar, type LookRoom, sayForecast, sizeOfLook } from '#core/look-forecast.ts';
import type { SurveyProgress } from '#steward/documents.ts';
import type { Runtime } from './runtime.ts';

/** Where Lambda tells a function its memory, in MiB. */
const MEMORY = 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE';

/** Where nobody knows how much is enough. */
const MORE_MEMORY =
  'Give the functions more memory ("deploy.memory" in steward.json), which is more processor time up to 3538 MiB, or a narrower area ("area")';

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
    this.#runtime.log('warn', `This look will not be finished. ${this.advise()}.`);
  }

  /** How far it came, what the whole of it takes, and what to change so that it is finished; without the full stop. */
  advise(): string {
    if (this.#listed === null) return MORE_MEMORY;
    return `${sayForecast(this.#listed, this.#room)} ${adviceOf(sizeOfLook(this.#listed, this.#room), this.#room)}`;
  }
}

/** @param size MiB that a look needs; Infinity where no size is enough, null where nobody knows. */
function adviceOf(size: number | null, { memory }: LookRoom): string {
  if (size === null || size === memory) return MORE_MEMORY;
  return Number.isFinite(size)
    ? `"memory": ${size} under "deploy" in steward.json is enough for that`
    : 'No size of function is enough for that: "shards": "auto" under "deploy" has it collected by many functions at once; or name a narrower area ("area")';
}
