import { compareKeys } from '../key-order.ts';
import { ownText } from '../own-text.ts';
import { BitColumn, QuadColumn } from './columns.ts';
import { parseHex, printHex } from './hex-words.ts';

/**
 * A column of names of which nearly all are UUIDs, 16 bytes each instead of a string. Other names are interned.
 */
export class NameColumn {
  readonly #words = new QuadColumn();
  readonly #isOther = new BitColumn();
  readonly #others: string[] = [];
  readonly #otherIds = new Map<string, number>();

  push(name: string): void {
    const { uuid, a, b, c, d } = parseName(name);
    if (uuid) {
      this.#words.push(a, b, c, d);
    } else {
      this.#isOther.add(this.#words.length);
      this.#words.push(this.#intern(name), 0, 0, 0);
    }
  }

  /** The name of a row; of one beyond the end it is some name. */
  get(row: number): string {
    const words = this.#words;
    if (this.#isOther.has(row)) {
      /* v8 ignore next -- the word of such a row is the place of a text, so there is one */
      return this.#others[words.get(row, 0)] ?? '';
    }
    return printUuid(words.get(row, 0), words.get(row, 1), words.get(row, 2), words.get(row, 3));
  }

  isUuid(row: number): boolean {
    return !this.#isOther.has(row);
  }

  /** Negative, zero or positive, as the name of a row comes before, is, or comes after another, in key order. */
  compare(row: number, { uuid, text, a, b, c, d }: Name): number {
    if (!uuid || this.#isOther.has(row)) {
      return compareKeys(this.get(row), text);
    }
    // The words of UUIDs sort as their digits do.
    const words = this.#words;
    return words.get(row, 0) - a || words.get(row, 1) - b || words.get(row, 2) - c || words.get(row, 3) - d;
  }

  /** The same for the names of two rows. */
  compareRows(row: number, other: number): number {
    const words = this.#words;
    if (this.#isOther.has(row) || this.#isOther.has(other)) {
      return compareKeys(this.get(row), this.get(other));
    }
    return (
      words.get(row, 0) - words.get(other, 0) ||
      words.get(row, 1) - words.get(other, 1) ||
      words.get(row, 2) - words.get(other, 2) ||
      words.get(row, 3) - words.get(other, 3)
    );
  }

  /** Tells of each row whether its name is one of these, without printing most of them. */
  filter(names: ReadonlySet<string>): (row: number) => boolean {
    const parsed = [...names].map(parseName);
    const firstWords = new Set(parsed.filter(({ uuid }) => uuid).map(({ a }) => a));
    const others = new Set(parsed.filter(({ uuid }) => !uuid).map(({ text }) => this.#otherIds.get(text)));
    return (row) => {
      const first = this.#words.get(row, 0);
      return this.#isOther.has(row) ? others.has(first) : firstWords.has(first) && names.has(this.get(row));
    };
  }

  swap(row: number, other: number): void {
    this.#words.swap(row, other);
    this.#isOther.swap(row, other);
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

/** A name with the four words of its UUID, where it is one. */
export interface Name {
  readonly text: string;
  readonly uuid: boolean;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** Reads a lower-case UUID. Anything else is another name, upper case included: it is not a name of Flink's. */
export function parseName(text: string): Name {
  if (text.length === 36 && text[8] === '-' && text[13] === '-' && text[18] === '-' && text[23] === '-') {
    const a = parseHex(text, 0, 8);
    const b = joinHalves(parseHex(text, 9, 4), parseHex(text, 14, 4));
    const c = joinHalves(parseHex(text, 19, 4), parseHex(text, 24, 4));
    const d = parseHex(text, 28, 8);
    if (a !== -1 && b !== -1 && c !== -1 && d !== -1) {
      return { text, uuid: true, a, b, c, d };
    }
  }
  return { text, uuid: false, a: 0, b: 0, c: 0, d: 0 };
}

function joinHalves(high: number, low: number): number {
  return high === -1 || low === -1 ? -1 : high * 0x1_0000 + low;
}

function printUuid(a: number, b: number, c: number, d: number): string {
  const middle = `${printHex(b)}${printHex(c)}`;
  return `${printHex(a)}-${middle.slice(0, 4)}-${middle.slice(4, 8)}-${middle.slice(8, 12)}-${middle.slice(12)}${printHex(d)}`;
}
