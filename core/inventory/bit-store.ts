import { numberAt } from './columns.ts';

const WORD_BITS = 32;
/** Words of a chunk: so many that the system gives it pages of its own, and none before they are written to. */
const CHUNK_BITS = 21;
const CHUNK = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK - 1;
const NO_CHUNK = new Uint32Array();
/** The first chunk begins with so many words: most tables are small. */
const FIRST_WORDS = 1 << 12;

/**
 * Numbers of any width up to 32 bits, side by side without gaps. Who keeps numbers here takes room for many of one
 * width, and knows them by where that room begins and by their place in it.
 */
export class BitStore {
  readonly #chunks: Uint32Array[] = [];
  #length = 0;

  /**
   * Room for numbers that are 0 so far.
   *
   * @param count a multiple of 32, so that no two rooms share a word; at most 32,768.
   * @param width bits of each, 0 to 32.
   * @returns where it begins.
   */
  take(count: number, width: number): number {
    const words = (count / WORD_BITS) * width;
    // A range is inside one chunk.
    const left = CHUNK - (this.#length & CHUNK_MASK);
    const begin = words > left ? this.#length + left : this.#length;
    this.#length = begin + words;
    this.#makeRoom(begin >>> CHUNK_BITS, (begin & CHUNK_MASK) + words);
    return begin;
  }

  /** The number at a place of a room; 0 where no room was taken. */
  read(begin: number, width: number, place: number): number {
    const chunk = this.#chunkOf(begin);
    const bit = place * width;
    const word = (begin & CHUNK_MASK) + (bit >>> 5);
    const shift = bit & 31;
    const low = numberAt(chunk, word) >>> shift;
    const high = shift + width > WORD_BITS ? numberAt(chunk, word + 1) << (WORD_BITS - shift) : 0;
    return ((low | high) & maskOf(width)) >>> 0;
  }

  /** @param value fits the width. */
  write(begin: number, width: number, place: number, value: number): void {
    const chunk = this.#chunkOf(begin);
    const bit = place * width;
    const word = (begin & CHUNK_MASK) + (bit >>> 5);
    const shift = bit & 31;
    const mask = maskOf(width);
    chunk[word] = (numberAt(chunk, word) & ~(mask << shift)) | (value << shift);
    if (shift + width > WORD_BITS) {
      const written = WORD_BITS - shift;
      chunk[word + 1] = (numberAt(chunk, word + 1) & ~(mask >>> written)) | (value >>> written);
    }
  }

  #chunkOf(begin: number): Uint32Array {
    return this.#chunks[begin >>> CHUNK_BITS] ?? NO_CHUNK;
  }

  #makeRoom(index: number, words: number): void {
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks[index] = new Uint32Array(index === 0 ? Math.max(FIRST_WORDS, words) : CHUNK);
    } else if (words > chunk.length) {
      const larger = new Uint32Array(CHUNK);
      larger.set(chunk);
      this.#chunks[index] = larger;
    }
  }
}

/** Bits of a number that is not negative. */
export function widthOf(value: number): number {
  return WORD_BITS - Math.clz32(value);
}

function maskOf(width: number): number {
  return width === WORD_BITS ? -1 : (1 << width) - 1;
}
