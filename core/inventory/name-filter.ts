import { numberAt } from './columns.ts';

/** Bits for each name: of names that are not in the filter, about three in a thousand seem to be. */
const BITS_PER_NAME = 16;
/** Bits of one name, all in one block, so that a question costs one look into memory and not eight. */
const BITS_SET = 8;
const BLOCK_BITS = 512;
const BLOCK_WORDS = BLOCK_BITS / 32;
const BLOCK_MASK = BLOCK_BITS - 1;
const TWO_TO_32 = 2 ** 32;

/**
 * A Bloom filter in blocks: knows of every name that was added that it may be there, and of nearly every other that it
 * is not. Ten million names are 19 MiB. Names come as numbers of 32 bits that depend on nothing but the name.
 */
export class NameFilter {
  readonly #blocks: number;
  readonly #bits: Uint32Array;

  /** @param names how many will be added. */
  constructor(names: number) {
    this.#blocks = Math.max(1, Math.ceil((names * BITS_PER_NAME) / BLOCK_BITS));
    this.#bits = new Uint32Array(this.#blocks * BLOCK_WORDS);
  }

  /** The filter whose {@link bytes} these are; null where they are those of none. */
  static fromBytes(bytes: Uint8Array): NameFilter | null {
    if (bytes.length === 0 || bytes.length % (BLOCK_BITS / 8) !== 0) return null;
    const filter = new NameFilter((bytes.length * 8) / BITS_PER_NAME);
    new Uint8Array(filter.#bits.buffer).set(bytes);
    return filter;
  }

  /** What it is made of, to be kept: words with the lowest byte first, as on every machine that Node runs on. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#bits.buffer);
  }

  add(hash: number): void {
    const begin = this.#begin(hash);
    const second = scrambled(hash);
    const step = stepOf(second);
    for (let bit = second & BLOCK_MASK, set = 0; set < BITS_SET; set++, bit = (bit + step) & BLOCK_MASK) {
      const word = begin + (bit >>> 5);
      this.#bits[word] = numberAt(this.#bits, word) | (1 << (bit & 31));
    }
  }

  /** False only where it was not added. */
  mayHold(hash: number): boolean {
    const begin = this.#begin(hash);
    const second = scrambled(hash);
    const step = stepOf(second);
    for (let bit = second & BLOCK_MASK, set = 0; set < BITS_SET; set++, bit = (bit + step) & BLOCK_MASK) {
      if ((numberAt(this.#bits, begin + (bit >>> 5)) & (1 << (bit & 31))) === 0) {
        return false;
      }
    }
    return true;
  }

  #begin(hash: number): number {
    return scaled(hash, this.#blocks) * BLOCK_WORDS;
  }
}

/** The block was chosen by the upper bits; the bits in it must not be. */
function scrambled(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

/** Odd, so that the bits of a name are different ones. */
function stepOf(second: number): number {
  return (second >>> 9) | 1;
}

/** A word of 32 bits as a number from 0 up to but not including `end`. */
export function scaled(word: number, end: number): number {
  return Math.floor(((word >>> 0) / TWO_TO_32) * end);
}
