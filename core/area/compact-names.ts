import { ByteColumn, WordColumn } from './columns.ts';
import { parseHex, printHex } from './hex-words.ts';

/**
 * A column of names of which nearly all are UUIDs, 16 bytes each instead of a string. Other names are interned.
 */
export class NameColumn {
  readonly #words: readonly [WordColumn, WordColumn, WordColumn, WordColumn] = [
    new WordColumn(),
    new WordColumn(),
    new WordColumn(),
    new WordColumn(),
  ];
  readonly #isUuid = new ByteColumn();
  readonly #others: string[] = [];
  readonly #otherIds = new Map<string, number>();

  push(name: string): void {
    const { uuid, a, b, c, d } = parseUuid(name) ?? new NameQuery(false, this.#intern(name), 0, 0, 0);
    this.#isUuid.push(uuid ? 1 : 0);
    this.#words[0].push(a);
    this.#words[1].push(b);
    this.#words[2].push(c);
    this.#words[3].push(d);
  }

  /** The name of a row; of one beyond the end it is some name or none. */
  get(index: number): string {
    const first = this.#words[0].get(index);
    if (this.#isUuid.get(index) === 0) {
      return this.#others[first] ?? '';
    }
    return printUuid(first, this.#words[1].get(index), this.#words[2].get(index), this.#words[3].get(index));
  }

  isUuid(index: number): boolean {
    return this.#isUuid.get(index) === 1;
  }

  /** A query for {@link matches} and {@link hashAt}, or null where no row can have this name. */
  query(name: string): NameQuery | null {
    const uuid = parseUuid(name);
    if (uuid !== null) {
      return uuid;
    }
    const id = this.#otherIds.get(name);
    return id === undefined ? null : new NameQuery(false, id, 0, 0, 0);
  }

  matches(index: number, { uuid, a, b, c, d }: NameQuery): boolean {
    return (
      this.#words[0].get(index) === a &&
      this.#words[3].get(index) === d &&
      this.#words[1].get(index) === b &&
      this.#words[2].get(index) === c &&
      (this.#isUuid.get(index) === 1) === uuid
    );
  }

  /** Whether two rows have the same name. */
  same(index: number, other: number): boolean {
    return (
      this.#words.every((column) => column.get(index) === column.get(other)) &&
      this.#isUuid.get(index) === this.#isUuid.get(other)
    );
  }

  hashAt(index: number): number {
    return mixWords(
      this.#words[0].get(index),
      this.#words[1].get(index),
      this.#words[2].get(index),
      this.#words[3].get(index),
    );
  }

  #intern(name: string): number {
    const known = this.#otherIds.get(name);
    if (known !== undefined) {
      return known;
    }
    const id = this.#others.length;
    this.#others.push(name);
    this.#otherIds.set(name, id);
    return id;
  }
}

/** A name as its column holds it: the four words of a UUID, or the number of another name. */
export class NameQuery {
  constructor(
    readonly uuid: boolean,
    readonly a: number,
    readonly b: number,
    readonly c: number,
    readonly d: number,
  ) {}

  get hash(): number {
    return mixWords(this.a, this.b, this.c, this.d);
  }
}

function mixWords(a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a ^ (b >>> 7), 0x9e3779b1);
  hash = Math.imul(hash ^ c ^ (hash >>> 15), 0x85ebca77);
  return (hash ^ d ^ (hash >>> 13)) >>> 0;
}

/** Reads a lower-case UUID. Null for anything else, upper case included: it is not a name of Flink's. */
function parseUuid(text: string): NameQuery | null {
  if (text.length !== 36 || text[8] !== '-' || text[13] !== '-' || text[18] !== '-' || text[23] !== '-') {
    return null;
  }
  const a = parseHex(text, 0, 8);
  const b = joinHalves(parseHex(text, 9, 4), parseHex(text, 14, 4));
  const c = joinHalves(parseHex(text, 19, 4), parseHex(text, 24, 4));
  const d = parseHex(text, 28, 8);
  return a === -1 || b === -1 || c === -1 || d === -1 ? null : new NameQuery(true, a, b, c, d);
}

function joinHalves(high: number, low: number): number {
  return high === -1 || low === -1 ? -1 : high * 0x1_0000 + low;
}

function printUuid(a: number, b: number, c: number, d: number): string {
  const middle = `${printHex(b)}${printHex(c)}`;
  return `${printHex(a)}-${middle.slice(0, 4)}-${middle.slice(4, 8)}-${middle.slice(8, 12)}-${middle.slice(12)}${printHex(d)}`;
}
