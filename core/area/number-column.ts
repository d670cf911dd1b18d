import { BLOCK_BITS, BLOCK_MASK, numberAt, roomFor } from './columns.ts';

const GREATEST_WORD = 0xffff_ffff;
const BYTES = 3;
const NEAR = 2 ** (8 * BYTES);

/** Rows of one block, in one of three ways; each can hold what the one before can. */
type Block =
  /** Units, counted from a base. */
  | { readonly kind: 'near'; readonly base: number; readonly held: Uint8Array }
  /** Units. */
  | { readonly kind: 'word'; readonly held: Uint32Array }
  | { readonly kind: 'any'; readonly held: Float64Array };

/**
 * Numbers of which nearly all are small multiples of a unit: sizes in bytes, times that a store shows in whole
 * seconds. A block takes three bytes for each where they lie near one another (times within half a year), else four;
 * with any other number in it, it takes eight. All numbers are given back exactly.
 */
export class NumberColumn {
  readonly #blocks: Block[] = [];
  readonly #unit: number;
  #length = 0;

  constructor(unit: number) {
    this.#unit = unit;
  }

  push(value: number): void {
    const row = this.#length++;
    const room = roomFor(row);
    const block = this.#blocks[row >>> BLOCK_BITS];
    if (block === undefined) {
      const base = Math.floor(value / this.#unit) - NEAR / 2;
      this.#blocks.push({ kind: 'near', base, held: new Uint8Array(room * BYTES) });
    } else if (rowsOf(block) < room) {
      this.#blocks[row >>> BLOCK_BITS] = enlarged(block, room);
    }
    this.#put(row, value);
  }

  /** The number in a row; 0 beyond the end. */
  get(row: number): number {
    const block = this.#blocks[row >>> BLOCK_BITS];
    return block === undefined || row >= this.#length ? 0 : this.#read(block, row & BLOCK_MASK);
  }

  /** Both rows must have been pushed. */
  swap(row: number, other: number): void {
    const kept = this.get(row);
    this.#put(row, this.get(other));
    this.#put(other, kept);
  }

  #read(block: Block, place: number): number {
    switch (block.kind) {
      case 'near': {
        const first = place * BYTES;
        const { held } = block;
        const units = numberAt(held, first) + numberAt(held, first + 1) * 0x100 + numberAt(held, first + 2) * 0x1_0000;
        return (block.base + units) * this.#unit;
      }
      case 'word':
        return numberAt(block.held, place) * this.#unit;
      case 'any':
        return numberAt(block.held, place);
    }
  }

  #put(row: number, value: number): void {
    const block = this.#blocks[row >>> BLOCK_BITS];
    if (block === undefined || row >= this.#length) {
      throw new RangeError(`No row ${row} in a column of ${this.#length}.`);
    }
    const units = value / this.#unit;
    const isWhole = Number.isInteger(units) && units * this.#unit === value;
    const place = row & BLOCK_MASK;
    if (block.kind === 'near' && isWhole && units >= block.base && units - block.base < NEAR) {
      const near = units - block.base;
      const first = place * BYTES;
      block.held[first] = near & 0xff;
      block.held[first + 1] = (near >>> 8) & 0xff;
      block.held[first + 2] = near >>> 16;
    } else if (block.kind === 'word' && isWhole && units >= 0 && units <= GREATEST_WORD) {
      block.held[place] = units;
    } else if (block.kind === 'any') {
      block.held[place] = value;
    } else {
      this.#blocks[row >>> BLOCK_BITS] = this.#widened(block, row);
      this.#put(row, value);
    }
  }

  /** The block of a row in the next way. Only what was pushed is read: the rest may be no number of that way. */
  #widened(block: Block, row: number): Block {
    const rows = rowsOf(block);
    const first = row - (row & BLOCK_MASK);
    const held = new Float64Array(rows);
    let areWords = block.kind === 'near';
    for (let place = 0; place < rows && first + place < this.#length; place++) {
      // The row itself is about to be written.
      const value = first + place === row ? 0 : this.#read(block, place);
      held[place] = value;
      areWords &&= value >= 0 && value / this.#unit <= GREATEST_WORD;
    }
    return areWords
      ? { kind: 'word', held: Uint32Array.from(held, (value) => value / this.#unit) }
      : { kind: 'any', held };
  }
}

function rowsOf({ kind, held }: Block): number {
  return kind === 'near' ? held.length / BYTES : held.length;
}

function enlarged(block: Block, rows: number): Block {
  switch (block.kind) {
    case 'near': {
      const held = new Uint8Array(rows * BYTES);
      held.set(block.held);
      return { ...block, held };
    }
    case 'word': {
      const held = new Uint32Array(rows);
      held.set(block.held);
      return { ...block, held };
    }
    case 'any': {
      const held = new Float64Array(rows);
      held.set(block.held);
      return { ...block, held };
    }
  }
}
