import { compareKeys } from '#core/key-order.ts';
import { ownText } from '#core/own-text.ts';
import { isRandom, type Name, NameReader, parseName, printUuid, VARIANT, VERSION } from '#core/uuid-names.ts';
import { BitStore } from './bit-store.ts';
import { BitColumn, TupleColumn } from './columns.ts';

/** Of a random UUID (version 4, and its variant) so many bits are always the same: 122 others make the name. */
const TAIL_BITS = 26;
const TAIL_MASK = (1 << TAIL_BITS) - 1;
/** Looks at a name where the one that is searched is expected. Of a hundred thousand names five find nearly any. */
const GUESSES = 5;
/** Rows for which the tails are laid down together. */
const TAILS = 1 << 10;

/**
 * A column of names of which nearly all are random UUIDs, as Flink's are: 15 1/4 bytes each instead of a string. Other
 * names are interned.
 */
export class NameColumn {
  /** Of a random UUID all but the tail; of another name its place among the others. */
  readonly #words = new TupleColumn(3);
  readonly #tails = new BitStore();
  readonly #tailsAt: number[] = [];
  readonly #isOther = new BitColumn();
  readonly #others: string[] = [];
  readonly #otherIds = new Map<string, number>();
  readonly #name = new NameReader();

  /** Adds the name that a text ends with. @param from where it begins. */
  push(text: string, from = 0): void {
    const name = this.#name.read(text, from);
    if (isRandom(name)) {
      this.#pushRandom(name.a, name.b, name.c, name.d);
    } else {
      this.#pushOther(name.text);
    }
  }

  /** Adds a UUID without a text for it. */
  pushUuid(a: number, b: number, c: number, d: number): void {
    if (isRandom({ uuid: true, b, c })) {
      this.#pushRandom(a, b, c, d);
    } else {
      this.#pushOther(printUuid(a, b, c, d));
    }
  }

  /** The name of a row; of one beyond the end it is some name. */
  get(row: number): string {
    if (this.#isOther.has(row)) {
      /* v8 ignore next -- the word of such a row is the place of a text, so there is one */
      return this.#others[this.#words.get(row, 0)] ?? '';
    }
    return printUuid(this.#a(row), this.#b(row), this.#c(row), this.#d(row));
  }

  isUuid(row: number): boolean {
    return !this.#isOther.has(row) || parseName(this.get(row)).uuid;
  }

  /** Negative, zero or positive, as the name of a row comes before, is, or comes after another, in key order. */
  compare(row: number, name: Name): number {
    if (!name.uuid || this.#isOther.has(row)) {
      return compareKeys(this.get(row), name.text);
    }
    // The words of UUIDs sort as their digits do.
    return (
      orderOf(this.#a(row), name.a >>> 0) ||
      orderOf(this.#b(row), name.b >>> 0) ||
      orderOf(this.#c(row), name.c >>> 0) ||
      orderOf(this.#d(row), name.d >>> 0)
    );
  }

  /**
   * The row of a name, or -1. Random names lie evenly, so where one must be is guessed by its first digits, which takes
   * fewer looks than halving; names that lie otherwise are found by halves after a few guesses.
   *
   * @param low the first of the rows to look through, up to but not including `high`: they are in the order of names.
   */
  find(low: number, high: number, name: Name): number {
    const word = name.a >>> 0;
    let from = low;
    let to = high;
    // Between which first words the rows and the name lie. A directory that was listed in parts is in several ranges of rows.
    let least = Math.min(word, this.#a(low));
    let most = Math.max(word, this.#a(high - 1));
    for (let looks = 0; from < to; looks++) {
      const part = name.uuid && looks < GUESSES && least < most ? (word - least) / (most - least) : 0.5;
      const row = from + Math.floor(part * (to - from - 1));
      const isOther = this.#isOther.has(row);
      const first = isOther ? 0 : this.#a(row);
      // Nearly always the first word tells.
      const order = name.uuid && !isOther && first !== word ? first - word : this.compare(row, name);
      if (order === 0) {
        return row;
      }
      if (order < 0) {
        from = row + 1;
        least = isOther ? least : first;
      } else {
        to = row;
        most = isOther ? most : first;
      }
    }
    return -1;
  }

  /** The same for the names of two rows. */
  compareRows(row: number, other: number): number {
    if (this.#isOther.has(row) || this.#isOther.has(other)) {
      return compareKeys(this.get(row), this.get(other));
    }
    return (
      orderOf(this.#a(row), this.#a(other)) ||
      orderOf(this.#b(row), this.#b(other)) ||
      orderOf(this.#c(row), this.#c(other)) ||
      orderOf(this.#d(row), this.#d(other))
    );
  }

  /** A number of 32 bits that depends on nothing but the name of a row, which is a UUID; -1 for any other name. */
  hash(row: number): number {
    const words = this.#words;
    const isOther = this.#isOther.has(row);
    if (isOther && !this.isUuid(row)) {
      return -1;
    }
    const start = mix(mix(words.get(row, 0), words.get(row, 1)), words.get(row, 2));
    return mix(start, this.#tail(row) ^ (isOther ? OTHER : 0)) >>> 0;
  }

  /** Tells of each row whether its name is one of these, without printing most of them. */
  filter(names: ReadonlySet<string>): (row: number) => boolean {
    const parsed = [...names].map((name) => parseName(name));
    const firstWords = new Set(parsed.filter(isRandom).map(({ a }) => a));
    const others = new Set(parsed.map(({ text }) => this.#otherIds.get(text)));
    return (row) => {
      const first = this.#words.get(row, 0);
      return this.#isOther.has(row) ? others.has(first) : firstWords.has(first) && names.has(this.get(row));
    };
  }

  swap(row: number, other: number): void {
    this.#words.swap(row, other);
    this.#isOther.swap(row, other);
    const tail = this.#tail(row);
    this.#setTail(row, this.#tail(other));
    this.#setTail(other, tail);
  }

  /** Makes room for the tail of the next row. */
  #beginRow(): number {
    const row = this.#words.length;
    if (row % TAILS === 0) {
      this.#tailsAt.push(this.#tails.take(TAILS, TAIL_BITS));
    }
    return row;
  }

  #pushRandom(a: number, b: number, c: number, d: number): void {
    const row = this.#beginRow();
    this.#words.push(a, ((b >>> 16) << 16) | ((b & 0xfff) << 4) | ((c >>> TAIL_BITS) & 0xf), d);
    this.#setTail(row, c & TAIL_MASK);
  }

  #pushOther(name: string): void {
    this.#isOther.add(this.#beginRow());
    this.#words.push(this.#intern(name), 0, 0);
  }

  #a(row: number): number {
    return this.#words.get(row, 0);
  }

  #b(row: number): number {
    const word = this.#words.get(row, 1);
    return (((word >>> 16) << 16) | (VERSION << 12) | ((word >>> 4) & 0xfff)) >>> 0;
  }

  #c(row: number): number {
    return ((VARIANT << 30) | ((this.#words.get(row, 1) & 0xf) << TAIL_BITS) | this.#tail(row)) >>> 0;
  }

  #d(row: number): number {
    return this.#words.get(row, 2);
  }

  #tail(row: number): number {
    return this.#tails.read(this.#tailsOf(row), TAIL_BITS, row % TAILS);
  }

  #setTail(row: number, tail: number): void {
    this.#tails.write(this.#tailsOf(row), TAIL_BITS, row % TAILS, tail);
  }

  /** Where the tails of a row's neighbours are; of a row beyond the end it is some place. */
  #tailsOf(row: number): number {
    return this.#tailsAt[Math.floor(row / TAILS)] ?? 0;
  }

  #intern(name: string): number {
    const known = this.#otherIds.get(name);
    if (known !== undefined) {
      return known;
    }
    const id = this.#others.length;
    const own = ownText(name);
    this.#others.push(own);
    this.#otherIds.set(own, id);
    return id;
  }
}

/** -1, 0 or 1: a difference of words may be so large that it would take memory of its own. */
function orderOf(word: number, other: number): number {
  return word < other ? -1 : Number(word > other);
}

/** Told apart from a random UUID, which has no such bit in its tail. */
const OTHER = 0x8000_0000;

/** A step of MurmurHash3 (its finaliser): each bit of either word changes half the bits of the outcome. */
function mix(word: number, other: number): number {
  let mixed = Math.imul(word ^ other, 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
