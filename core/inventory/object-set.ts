import { numberAt } from './columns.ts';

/**
 * Sets of objects by their indices, as one root names them. All the sets of an area together can have many times as
 * many members as there are objects, and most members of a set lie close to one another: a job's files are neighbours
 * in the order of keys.
 */

/** Members are laid down so many at a time. */
const GROUP = 128;
/** Words that are kept of each group besides: its first member, and where the others are. */
const HEAD = 2;
/** A byte from here on is not the last one of its number. */
const MORE = 0x80;
/** Bytes that a number of 32 bits can take, seven bits to a byte. */
const MOST_BYTES = 5;

/** One page of a set that is being gathered: a bit for each of so many neighbours. */
const PAGE_BITS = 10;
const PAGE_WORDS = 1 << (PAGE_BITS - 5);

/** Gathers a set. Members may come in any order and any number of times. */
export class ObjectSetBuilder {
  readonly #pages = new Map<number, Uint32Array>();
  #number = -1;
  #page: Uint32Array = new Uint32Array();

  /** @param object an index from 0 to 2^32 - 1. */
  add(object: number): void {
    const number = object >>> PAGE_BITS;
    if (number !== this.#number) {
      this.#turnTo(number);
    }
    const word = (object >>> 5) & (PAGE_WORDS - 1);
    this.#page[word] = numberAt(this.#page, word) | (1 << (object & 31));
  }

  build(): ObjectSet {
    const layer = new Layer();
    for (const number of [...this.#pages.keys()].sort((a, b) => a - b)) {
      this.#turnTo(number);
      for (const [word, bits] of this.#page.entries()) {
        for (let rest = bits; rest !== 0; rest &= rest - 1) {
          layer.add((number * PAGE_WORDS + word) * 32 + lowestBit(rest));
        }
      }
    }
    return layer.end();
  }

  #turnTo(number: number): void {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint32Array(PAGE_WORDS);
      this.#pages.set(number, page);
    }
    this.#number = number;
    this.#page = page;
  }
}

/**
 * A set that does not change any more. Each group of members takes the shorter of two forms: a bit for each object
 * from its first to its last member, or the distance of each member to the one before, seven bits to a byte. That is
 * a quarter of a byte for a member where most neighbours are members too, and a byte or two where few are.
 */
export class ObjectSet {
  static readonly EMPTY = new ObjectSet(0, -1, new Uint32Array(), new Uint8Array());

  readonly size: number;
  readonly #last: number;
  readonly #heads: Uint32Array;
  readonly #data: Uint8Array;

  /**
   * @param last the greatest member; -1 where there is none.
   * @param heads of each group its first member, and the place of the others in `data`: in bytes, doubled, and odd
   *   where they are bits.
   */
  constructor(size: number, last: number, heads: Uint32Array, data: Uint8Array) {
    this.size = size;
    this.#last = last;
    this.#heads = heads;
    this.#data = data;
  }

  /** Any members, in any order and any number of times. */
  static of(...objects: readonly number[]): ObjectSet {
    const builder = new ObjectSetBuilder();
    for (const object of objects) {
      builder.add(object);
    }
    return builder.build();
  }

  /** In ascending order. */
  [Symbol.iterator](): Generator<number, void, undefined> {
    return this.between(0, this.#last + 1);
  }

  /** In ascending order: as by iteration, which makes an object for each. */
  forEach(tell: (object: number) => void): void {
    const members = new Uint32Array(GROUP);
    for (let group = 0; group < this.#groups; group++) {
      const count = this.#decode(group, members);
      for (let at = 0; at < count; at++) tell(numberAt(members, at));
    }
  }

  /** In ascending order, those from `least` up to but not including `end`. */
  *between(least: number, end: number): Generator<number, void, undefined> {
    if (least > this.#last) {
      return;
    }
    const members = new Uint32Array(GROUP);
    for (let group = Math.max(0, this.#groupOf(least)); group < this.#groups; group++) {
      if (this.#first(group) >= end) {
        return;
      }
      const count = this.#decode(group, members);
      for (let at = 0; at < count; at++) {
        const member = numberAt(members, at);
        if (member >= least && member < end) {
          yield member;
        }
      }
    }
  }

  has(object: number): boolean {
    return !this.between(object, object + 1).next().done;
  }

  some(predicate: (object: number) => boolean): boolean {
    for (const object of this) {
      if (predicate(object)) {
        return true;
      }
    }
    return false;
  }

  get #groups(): number {
    return this.#heads.length / HEAD;
  }

  #first(group: number): number {
    return numberAt(this.#heads, group * HEAD);
  }

  /** The last group that begins with an object or before it; -1 where none does. */
  #groupOf(object: number): number {
    let low = 0;
    let high = this.#groups;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#first(middle) <= object) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** @returns how many members there are. */
  #decode(group: number, members: Uint32Array): number {
    const place = numberAt(this.#heads, group * HEAD + 1);
    const begin = place >>> 1;
    const end = group + 1 < this.#groups ? numberAt(this.#heads, (group + 1) * HEAD + 1) >>> 1 : this.#data.length;
    members[0] = this.#first(group);
    return place % 2 === 1 ? this.#decodeBits(begin, end, members) : this.#decodeDistances(begin, end, members);
  }

  #decodeBits(begin: number, end: number, members: Uint32Array): number {
    const next = numberAt(members, 0) + 1;
    let count = 1;
    for (let at = begin; at < end; at++) {
      for (let rest = numberAt(this.#data, at); rest !== 0; rest &= rest - 1) {
        members[count] = next + (at - begin) * 8 + lowestBit(rest);
        count++;
      }
    }
    return count;
  }

  #decodeDistances(begin: number, end: number, members: Uint32Array): number {
    let count = 1;
    let distance = 0;
    let scale = 1;
    for (let at = begin; at < end; at++) {
      const byte = numberAt(this.#data, at);
      distance += (byte % MORE) * scale;
      scale *= MORE;
      if (byte < MORE) {
        members[count] = numberAt(members, count - 1) + distance;
        count++;
        distance = 0;
        scale = 1;
      }
    }
    return count;
  }
}

/** Lays members down, which must come in ascending order. */
class Layer {
  readonly #heads: number[] = [];
  readonly #group = new Uint32Array(GROUP);
  #inGroup = 0;
  #size = 0;
  #data = new Uint8Array(2 * GROUP * MOST_BYTES);
  #length = 0;

  add(object: number): void {
    if (this.#inGroup === GROUP) {
      this.#layGroup();
    }
    this.#group[this.#inGroup] = object;
    this.#inGroup++;
    this.#size++;
  }

  end(): ObjectSet {
    if (this.#size === 0) {
      return ObjectSet.EMPTY;
    }
    const last = numberAt(this.#group, this.#inGroup - 1);
    this.#layGroup();
    return new ObjectSet(this.#size, last, Uint32Array.from(this.#heads), this.#data.slice(0, this.#length));
  }

  #layGroup(): void {
    const first = numberAt(this.#group, 0);
    const begin = this.#length;
    this.#layDistances();
    const bytesOfBits = Math.ceil((numberAt(this.#group, this.#inGroup - 1) - first) / 8);
    const isShorterInBits = bytesOfBits <= this.#length - begin;
    if (isShorterInBits) {
      this.#layBits(begin, bytesOfBits);
    }
    this.#heads.push(first, 2 * begin + Number(isShorterInBits));
    this.#inGroup = 0;
  }

  #layDistances(): void {
    if (this.#data.length - this.#length < GROUP * MOST_BYTES) {
      const larger = new Uint8Array(2 * this.#data.length);
      larger.set(this.#data);
      this.#data = larger;
    }
    for (let at = 1; at < this.#inGroup; at++) {
      let rest = numberAt(this.#group, at) - numberAt(this.#group, at - 1);
      for (; rest >= MORE; rest = Math.floor(rest / MORE)) {
        this.#data[this.#length++] = MORE + (rest % MORE);
      }
      this.#data[this.#length++] = rest;
    }
  }

  /** In the place of the distances. */
  #layBits(begin: number, bytes: number): void {
    this.#length = begin + bytes;
    this.#data.fill(0, begin, this.#length);
    const next = numberAt(this.#group, 0) + 1;
    for (const member of this.#group.subarray(1, this.#inGroup)) {
      const at = begin + ((member - next) >>> 3);
      this.#data[at] = numberAt(this.#data, at) | (1 << ((member - next) & 7));
    }
  }
}

/** The place of the lowest bit of a word that is not 0. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
