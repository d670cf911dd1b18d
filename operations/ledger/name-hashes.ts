import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

/** Hashes that stand for names of files: 64 bits each, many of them in little memory and in lines of text. */

/** Stands for the last part of a path: the first eight bytes of its SHA-256. */
export function nameHash(name: string): bigint {
  // The way over text is the fastest, and a large area has millions of names.
  return BigInt(`0x${hash('sha256', name, 'hex').slice(0, 16)}`);
}

/** Hashes in one line. */
const HASHES_IN_LINE = 6_000;

/** As lines of base64, in their order. */
export function* linesOfHashes(hashes: BigUint64Array): Generator<string> {
  for (let from = 0; from < hashes.length; from += HASHES_IN_LINE) {
    const part = hashes.subarray(from, from + HASHES_IN_LINE);
    const bytes = Buffer.alloc(part.length * 8);
    for (const [at, hash] of part.entries()) bytes.writeBigUInt64BE(hash, at * 8);
    yield bytes.toString('base64');
  }
}

/** The bytes of such a line. */
export function base64Hashes(line: string): Buffer {
  return Buffer.from(line, 'base64');
}

/** The hashes of several lines. */
export function hashesOf(parts: readonly Buffer[]): BigUint64Array {
  const hashes = new BigUint64Array(parts.reduce((sum, { length }) => sum + Math.floor(length / 8), 0));
  let at = 0;
  for (const bytes of parts) {
    for (let from = 0; from + 8 <= bytes.length; from += 8) hashes[at++] = bytes.readBigUInt64BE(from);
  }
  return hashes;
}

/** Hashes, in memory of their own size. */
export class HashList {
  #hashes = new BigUint64Array(64);
  #length = 0;

  add(hash: bigint): void {
    if (this.#length === this.#hashes.length) this.#makeRoom();
    this.#hashes[this.#length++] = hash;
  }

  /** Each once. Nothing may be added afterwards. */
  ascending(): BigUint64Array {
    this.#compact();
    return this.#hashes.subarray(0, this.#length);
  }

  /** What was added several times takes the room of one: checkpoints of a job reference the same files. */
  #makeRoom(): void {
    this.#compact();
    if (this.#length * 2 < this.#hashes.length) return;
    const longer = new BigUint64Array(2 * this.#hashes.length);
    longer.set(this.#hashes);
    this.#hashes = longer;
  }

  #compact(): void {
    const sorted = this.#hashes.subarray(0, this.#length).sort();
    let distinct = 0;
    for (const hash of sorted) {
      if (distinct === 0 || sorted[distinct - 1] !== hash) sorted[distinct++] = hash;
    }
    this.#length = distinct;
  }
}
