import type { Readable } from 'node:stream';
import { StoreError } from '#ports/object-store.ts';

export interface ObjectBody {
  readonly stream: Readable;
  /** As many bytes as the store announced. */
  readonly bytes: number;
  /** The object as people know it. */
  readonly name: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * The bytes of an answer as they come. It owns the connection, and gives it up at the end, at the first failure, and
 * when the consumer stops early. An iterator by hand, since a generator that was never begun skips its `finally`.
 */
export class ObjectChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #body: ObjectBody;
  readonly #source: AsyncIterator<unknown>;
  #position = 0;
  #closed = false;

  constructor(body: ObjectBody) {
    this.#body = body;
    this.#source = body.stream[Symbol.asyncIterator]();
    // Before it is read a failure has nobody to hear it, and would end the process; the first read tells of it.
    body.stream.on('error', () => {});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#closed) return { done: true, value: undefined };
    try {
      this.#body.signal?.throwIfAborted();
      const { done, value } = await this.#source.next();
      this.#body.signal?.throwIfAborted();
      if (done) {
        this.#assertWhole();
        return await this.return();
      }
      if (!(value instanceof Uint8Array)) throw new TypeError('The answer is not a stream of bytes.');
      this.#position += value.length;
      return { done: false, value };
    } catch (error) {
      await this.return();
      this.#body.signal?.throwIfAborted();
      throw error instanceof StoreError ? error : this.#broken(error);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#closed) {
      this.#closed = true;
      this.#body.stream.destroy();
    }
    return { done: true, value: undefined };
  }

  #assertWhole(): void {
    const { bytes, name } = this.#body;
    if (this.#position === bytes) return;
    throw new StoreError(
      'unavailable',
      `${name} ended after ${this.#position} of ${bytes} bytes; the part that was read is not used. Try again.`,
    );
  }

  #broken(error: unknown): StoreError {
    const { bytes, name } = this.#body;
    const cause = error instanceof Error ? error.message : String(error);
    return new StoreError(
      'unavailable',
      `${name} can't be read beyond byte ${this.#position} of ${bytes} (${cause}); the part that was read is not used. ` +
        'Try again.',
      { cause: error },
    );
  }
}
