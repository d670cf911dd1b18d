import type { Buffer } from 'node:buffer';
import { UUID_LENGTH, UuidBytes, type UuidWords } from '#core/uuid-names.ts';
import { WordBytes } from './word-bytes.ts';

const SLASH = 0x2f;

/**
 * Reads the keys of one directory that end in a UUID from the bytes of a page, without a text for each. Most keys of a
 * page are such. The directory is compared as it is written: what is written alike, with escapes or without, means the
 * same.
 */
export class UuidKeys {
  readonly #bytes: Buffer;
  readonly #wordBytes: WordBytes;
  readonly #uuid = new UuidBytes();
  /** Where the directory stands, and how long it is; -1 where none was learnt. */
  #start = 0;
  #length = -1;
  #directory = -1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#wordBytes = new WordBytes(bytes);
  }

  /** Of the key that was read last. */
  get words(): UuidWords {
    return this.#uuid;
  }

  /** The number of the directory that was learnt last. */
  get directory(): number {
    return this.#directory;
  }

  /** Whether a key is in the directory that was learnt last, and ends in a UUID. */
  read(start: number, end: number): boolean {
    const length = end - start - UUID_LENGTH;
    return (
      length === this.#length &&
      this.#wordBytes.areSame(this.#start, start, length) &&
      this.#uuid.read(this.#bytes, end - UUID_LENGTH)
    );
  }

  /** Takes the directory of a key that ends in a UUID once its escapes are replaced. @param directory its number. */
  learn(start: number, end: number, directory: number): void {
    const length = end - start - UUID_LENGTH;
    // Where no slash stands before the last characters, they may begin within an escape.
    const isPlain = length === 0 || this.#bytes[start + length - 1] === SLASH;
    this.#start = start;
    this.#length = isPlain ? length : -1;
    this.#directory = directory;
  }
}
