import { duration } from '#core/quantity.ts';
import type { SentRequest } from '#steward/open-area.ts';
import type { Io } from './io.ts';
import { says } from './log-level.ts';
import { complain } from './print/stderr.ts';

/** Counts the requests to stores of one command, and tells of each where somebody wants to know. */
export class RequestLog {
  readonly #io: () => Io;
  /** Null where nobody wants to know. */
  #began: number | null = null;
  readonly #counts = new Map<string, number>();

  /** @param io is asked each time, because the level is known only after the arguments are read. */
  constructor(io: () => Io) {
    this.#io = io;
  }

  /** Called when the level is known. */
  begin(): void {
    const io = this.#io();
    if (says(io, 'info')) this.#began = io.clock();
  }

  add({ operation, method, url, status, milliseconds }: SentRequest): void {
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
    const io = this.#io();
    if (says(io, 'debug')) io.err(`${method} ${url} ${status ?? 'no answer'}, ${milliseconds} ms\n`);
  }

  /** At the end: how many requests of which kind there were, and how long all took. */
  sumUp(): void {
    const io = this.#io();
    if (this.#began === null) return;
    const kinds = [...this.#counts].map(([operation, times]) => `${times.toLocaleString('en-US')} ${operation}`);
    const requests = kinds.length === 0 ? 'No request went to S3.' : `Requests to S3: ${kinds.join(', ')}.`;
    complain(`${requests} The command took ${duration(io.clock() - this.#began)}.`, io);
  }
}
