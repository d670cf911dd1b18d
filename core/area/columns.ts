/**
 * Growable columns of numbers. They grow block by block, so that growing never needs twice the memory: an area can
 * hold tens of millions of objects.
 */

const BLOCK_BITS = 15;
const BLOCK = 1 << BLOCK_BITS;
const MASK = BLOCK - 1;

type Block = Uint8Array | Uint16Array | Uint32Array | Float64Array;

class Column<B extends Block> {
  readonly #blocks: B[] = [];
  readonly #create: (length: number) => B;
  #length = 0;

  constructor(create: (length: number) => B) {
    this.#create = create;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const block = this.#blocks[this.#length >>> BLOCK_BITS] ?? this.#grow();
    block[this.#length & MASK] = value;
    this.#length++;
  }

  /** The value at an index; 0 beyond the end. */
  get(index: number): number {
    return this.#blocks[index >>> BLOCK_BITS]?.[index & MASK] ?? 0;
  }

  /** Sets the value at an index that was pushed before. */
  set(index: number, value: number): void {
    const block = this.#blocks[index >>> BLOCK_BITS];
    if (block === undefined || index >= this.#length) {
      throw new RangeError(`No row ${index} in a column of ${this.#length}.`);
    }
    block[index & MASK] = value;
  }

  #grow(): B {
    const block = this.#create(BLOCK);
    this.#blocks.push(block);
    return block;
  }
}

export class ByteColumn extends Column<Uint8Array> {
  constructor() {
    super((length) => new Uint8Array(length));
  }
}

export class ShortColumn extends Column<Uint16Array> {
  constructor() {
    super((length) => new Uint16Array(length));
  }
}

export class WordColumn extends Column<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length));
  }
}

export class NumberColumn extends Column<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}
