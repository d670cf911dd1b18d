/**
 * Columns of numbers. They grow block by block, so that growing never needs twice the memory: an area can hold tens of
 * millions of objects. Blocks are large, so that each gets pages of its own from the system and leaves no gaps.
 */

/** A block holds 2 to the power of this many rows. */
export const BLOCK_BITS = 19;
/** Rows in a block. */
export const BLOCK = 1 << BLOCK_BITS;
/** The place of a row in its block is `row & BLOCK_MASK`. */
export const BLOCK_MASK = BLOCK - 1;

/** The first block begins with so many rows and doubles for a while: most tables are small. */
const FIRST_ROWS = 64;
/**
 * Then it becomes a whole one, of which the system gives only the pages that are written to. Blocks in between would
 * be given back in sizes that the allocator takes as a hint to keep all such sizes for itself.
 */
const MOST_FIRST_ROWS = 1 << 12;

/** How many rows the block of a row must have room for, once that row is in it. */
export function roomFor(row: number): number {
  let rows = FIRST_ROWS;
  while (rows <= row && rows <= MOST_FIRST_ROWS) {
    rows *= 2;
  }
  return rows > MOST_FIRST_ROWS ? BLOCK : rows;
}

/** A number of an array; 0 beyond its end. */
export function numberAt(numbers: Uint8Array | Int32Array | Uint32Array | Float64Array, index: number): number {
  return numbers[index] ?? 0;
}

/** Blocks of words, a few of them for each row. */
class WordBlocks {
  readonly #blocks: Uint32Array[] = [];
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  get(row: number, word: number): number {
    return this.#blocks[row >>> BLOCK_BITS]?.[(row & BLOCK_MASK) * this.#width + word] ?? 0;
  }

  /** The block of a row, with room for it. */
  roomy(row: number): Uint32Array {
    const block = this.#blocks[row >>> BLOCK_BITS];
    if (block !== undefined && (row & BLOCK_MASK) * this.#width < block.length) {
      return block;
    }
    const larger = new Uint32Array(roomFor(row) * this.#width);
    larger.set(block ?? []);
    this.#blocks[row >>> BLOCK_BITS] = larger;
    return larger;
  }
}

/** Words of 32 bits. */
export class WordColumn {
  readonly #blocks = new WordBlocks(1);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const row = this.#length++;
    this.#blocks.roomy(row)[row & BLOCK_MASK] = value;
  }

  /** The value at an index; 0 beyond the end. */
  get(index: number): number {
    return this.#blocks.get(index, 0);
  }
}

/** Rows of three or four words of 32 bits: what a UUID or an MD5 takes. */
export class TupleColumn {
  readonly #blocks: WordBlocks;
  readonly #width: 3 | 4;
  #length = 0;

  constructor(width: 3 | 4) {
    this.#width = width;
    this.#blocks = new WordBlocks(width);
  }

  get length(): number {
    return this.#length;
  }

  /** @param d the fourth word, where there is one. */
  push(a: number, b: number, c: number, d = 0): void {
    this.#put(this.#length++, a, b, c, d);
  }

  /** One of the words of a row, counted from 0; 0 beyond the end. */
  get(row: number, word: number): number {
    return this.#blocks.get(row, word);
  }

  /** Both rows must have been pushed. */
  swap(row: number, other: number): void {
    for (const each of [row, other]) {
      if (!(each >= 0 && each < this.#length)) {
        throw new RangeError(`No row ${each} in a column of ${this.#length}.`);
      }
    }
    const [a, b, c, d] = [this.get(row, 0), this.get(row, 1), this.get(row, 2), this.get(row, 3)];
    this.#put(row, this.get(other, 0), this.get(other, 1), this.get(other, 2), this.get(other, 3));
    this.#put(other, a, b, c, d);
  }

  #put(row: number, a: number, b: number, c: number, d: number): void {
    const block = this.#blocks.roomy(row);
    const first = (row & BLOCK_MASK) * this.#width;
    block[first] = a;
    block[first + 1] = b;
    block[first + 2] = c;
    if (this.#width === 4) {
      block[first + 3] = d;
    }
  }
}

/** Bytes of which most are 0: a block takes memory once one of its bytes is another. */
export class ByteColumn {
  readonly #blocks: (Uint8Array | undefined)[] = [];

  /** Whether a byte ever was another than 0. */
  get isUsed(): boolean {
    return this.#blocks.length > 0;
  }

  get(row: number): number {
    return this.#blocks[row >>> BLOCK_BITS]?.[row & BLOCK_MASK] ?? 0;
  }

  set(row: number, value: number): void {
    const block = this.#blocks[row >>> BLOCK_BITS];
    const place = row & BLOCK_MASK;
    if (block !== undefined && place < block.length) {
      block[place] = value;
    } else if (value !== 0) {
      const larger = new Uint8Array(roomFor(row));
      larger.set(block ?? []);
      larger[place] = value;
      this.#blocks[row >>> BLOCK_BITS] = larger;
    }
  }

  swap(row: number, other: number): void {
    const kept = this.get(row);
    this.set(row, this.get(other));
    this.set(other, kept);
  }
}

/** A set of rows: a bit each, where a block holds one. */
export class BitColumn {
  readonly #bytes = new ByteColumn();

  /** Whether it ever held a row. */
  get isUsed(): boolean {
    return this.#bytes.isUsed;
  }

  has(row: number): boolean {
    return (this.#bytes.get(row >>> 3) & (1 << (row & 7))) !== 0;
  }

  add(row: number): void {
    this.#bytes.set(row >>> 3, this.#bytes.get(row >>> 3) | (1 << (row & 7)));
  }

  delete(row: number): void {
    this.#bytes.set(row >>> 3, this.#bytes.get(row >>> 3) & ~(1 << (row & 7)));
  }

  swap(row: number, other: number): void {
    const kept = this.has(row);
    this.#put(row, this.has(other));
    this.#put(other, kept);
  }

  #put(row: number, isIn: boolean): void {
    if (isIn) {
      this.add(row);
    } else {
      this.delete(row);
    }
  }
}
