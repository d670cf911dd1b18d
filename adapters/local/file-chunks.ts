import { Buffer } from 'node:buffer';
import { StoreError } from '#ports/object-store.ts';
import { storeErrorOf } from './failures.ts';
import type { OpenFile } from './file-system.ts';
import { etagOf } from './listed-file.ts';

const BYTES_PER_CHUNK = 256 * 1024;

export interface FileSection {
  readonly file: OpenFile;
  /** The file as people know it. */
  readonly name: string;
  readonly etag: string;
  /** First byte. */
  readonly from: number;
  /** The byte after the last one; never beyond the file's end. */
  readonly end: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * A section of an open file, chunk by chunk. It owns the file, and closes it at the end, at the first failure, and
 * when the consumer stops early. An iterator by hand, since a generator that was never begun skips its `finally`.
 */
export class FileChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #section: FileSection;
  #position: number;
  #closed = false;

  constructor(section: FileSection) {
    this.#section = section;
    this.#position = section.from;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#closed) return { done: true, value: undefined };
    try {
      this.#section.signal?.throwIfAborted();
      if (this.#position < this.#section.end) return { done: false, value: await this.#read() };
      await this.#assertUnchanged();
    } catch (error) {
      await this.#close();
      throw error;
    }
    return this.return();
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#close();
    return { done: true, value: undefined };
  }

  async #read(): Promise<Uint8Array> {
    const { file, end, name } = this.#section;
    const buffer = Buffer.allocUnsafe(Math.min(BYTES_PER_CHUNK, end - this.#position));
    const { bytesRead } = await this.#attempt(() => file.read(buffer, 0, buffer.length, this.#position));
    if (bytesRead === 0) {
      throw new StoreError(
        'unavailable',
        `${name} was truncated at byte ${this.#position} while it was read; the part that was read is not used. Try again.`,
      );
    }
    this.#position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  /** Bytes of two states of a file make a content that never was, under the ETag of one of them. */
  async #assertUnchanged(): Promise<void> {
    const { file, etag, name } = this.#section;
    if (etagOf(await this.#attempt(() => file.stat())) === etag) return;
    throw new StoreError(
      'unavailable',
      `${name} was written to while it was read; the part that was read is not used. Try again.`,
    );
  }

  async #attempt<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const { name } = this.#section;
      throw storeErrorOf(
        error,
        `${name} can't be read beyond byte ${this.#position}`,
        'the part that was read is not used',
      );
    }
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#section.file.close();
  }
}
