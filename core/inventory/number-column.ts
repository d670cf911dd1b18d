import { BitStore, widthOf } from './bit-store.ts';
import { numberAt } from './columns.ts';

const GREATEST_WORD = 0xffff_ffff;
const BLOCK_BITS = 10;
const BLOCK = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK - 1;
/** The width of a block that is no packed one. */
const LOOSE = -1;

/**
 * Numbers of which nearly all are multiples of a unit and near their neighbours: sizes in bytes, times that a store
 * shows in whole seconds. A block of neighbours takes as many bits for each as their spread asks for (times within a
 * week: 20); with a number in it that is no multiple, or lies too far away, it takes eight bytes. All numbers are
 * given back exactly.
 */
export class NumberColumn {
  readonly #unit: number;
  readonly #packed = new BitStore();
  /** Of each full block the least of its numbers in units, the bits of each, and where it lies. */
  readonly #bases: number[] = [];
  readonly #widths: number[] = [];
  readonly #begins: number[] = [];
  readonly #loose = new Map<number, Float64Array>();
  /** The numbers of the last block, until it is full. */
  readonly #open = new Float64Array(BLOCK);
  #length = 0;

  constructor(unit: number) {
    this.#unit = unit;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#open[this.#length & BLOCK_MASK] = value;
    this.#length++;
    if ((this.#length & BLOCK_MASK) === 0) {
      this.#close();
    }
  }

  /** The number in a row; 0 beyond the end. */
  get(row: number): number {
    return row < this.#length ? this.#read(row >>> BLOCK_BITS, row & BLOCK_MASK) : 0;
  }

  /** Both rows must have been pushed. */
  swap(row: number, other: number): void {
    const kept = this.get(row);
    this.#put(row, this.get(other));
    this.#put(other, kept);
  }

  #read(block: number, place: number): number {
    const width = numberOf(this.#widths, block);
    if (width === LOOSE) {
      return numberAt(this.#unpacked(block), place);
    }
    const units = this.#packed.read(numberOf(this.#begins, block), width, place);
    return (numberOf(this.#bases, block) + units) * this.#unit;
  }

  #put(row: number, value: number): void {
    if (row >= this.#length) {
      throw new RangeError(`No row ${row} in a column of ${this.#length}.`);
    }
    const block = row >>> BLOCK_BITS;
    const place = row & BLOCK_MASK;
    const width = numberOf(this.#widths, block);
    if (width === LOOSE) {
      this.#unpacked(block)[place] = value;
      return;
    }
    const base = numberOf(this.#bases, block);
    const above = value / this.#unit - base;
    if (this.#isWhole(value) && above >= 0 && above < 2 ** width) {
      this.#packed.write(numberOf(this.#begins, block), width, place, above);
      return;
    }
    const numbers = Float64Array.from({ length: BLOCK }, (_, each) => this.#read(block, each));
    numbers[place] = value;
    // All that fits now goes on fitting, so a block gets wider each time, and this can't happen often.
    this.#lay(block, numbers, base, base + 2 ** width - 1);
  }

  #close(): void {
    const block = this.#bases.length;
    const first = numberAt(this.#open, 0) / this.#unit;
    this.#lay(block, this.#open, first, first);
  }

  /** Lays a full block down, so that all from `least` up to `most` units fit, and its own numbers. */
  #lay(block: number, numbers: Float64Array, least: number, most: number): void {
    let base = least;
    let top = most;
    let areWhole = true;
    for (let place = 0; place < BLOCK; place++) {
      const value = numberAt(numbers, place);
      areWhole &&= this.#isWhole(value);
      base = Math.min(base, value / this.#unit);
      top = Math.max(top, value / this.#unit);
    }
    if (areWhole && top - base <= GREATEST_WORD) {
      const width = widthOf(top - base);
      const begin = this.#packed.take(BLOCK, width);
      for (let place = 0; place < BLOCK; place++) {
        this.#packed.write(begin, width, place, numberAt(numbers, place) / this.#unit - base);
      }
      this.#bases[block] = base;
      this.#widths[block] = width;
      this.#begins[block] = begin;
    } else {
      this.#loose.set(block, numbers.slice());
      this.#bases[block] = 0;
      this.#widths[block] = LOOSE;
      this.#begins[block] = 0;
    }
  }

  #isWhole(value: number): boolean {
    const units = value / this.#unit;
    return Number.isInteger(units) && units * this.#unit === value;
  }

  /** The numbers of a block that is loose, or of the last one. */
  #unpacked(block: number): Float64Array {
    return this.#loose.get(block) ?? this.#open;
  }
}

/** A number of a list; what is not there yet belongs to the last block, which is loose until it is full. */
function numberOf(numbers: readonly number[], block: number): number {
  return numbers[block] ?? LOOSE;
}
