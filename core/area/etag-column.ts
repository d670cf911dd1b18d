import { ShortColumn, WordColumn } from './columns.ts';
import { parseHex, printHex } from './hex-words.ts';

const MD5_DIGITS = 32;
const PARTS = /^-([1-9]\d{0,4})$/;
const NO_PARTS = 0;
/** S3 takes no more parts, so the number always fits into 16 bits. */
const MOST_PARTS = 10_000;

/**
 * A column of ETags: S3's own (an MD5, with the number of parts after a multipart upload) in 18 bytes, others as text.
 */
export class EtagColumn {
  readonly #words: readonly [WordColumn, WordColumn, WordColumn, WordColumn] = [
    new WordColumn(),
    new WordColumn(),
    new WordColumn(),
    new WordColumn(),
  ];
  readonly #parts = new ShortColumn();
  readonly #others = new Map<number, string>();

  push(etag: string): void {
    const parts = countParts(etag);
    const a = parseHex(etag, 0, 8);
    const b = parseHex(etag, 8, 8);
    const c = parseHex(etag, 16, 8);
    const d = parseHex(etag, 24, 8);
    const isOther = parts === null || a === -1 || b === -1 || c === -1 || d === -1;
    if (isOther) {
      this.#others.set(this.#parts.length, etag);
    }
    // What is written for the others is never read.
    this.#words[0].push(a);
    this.#words[1].push(b);
    this.#words[2].push(c);
    this.#words[3].push(d);
    this.#parts.push(parts ?? NO_PARTS);
  }

  get(index: number): string {
    const other = this.#others.get(index);
    if (other !== undefined) {
      return other;
    }
    const [a, b, c, d] = this.#words;
    const md5 = printHex(a.get(index)) + printHex(b.get(index)) + printHex(c.get(index)) + printHex(d.get(index));
    const parts = this.#parts.get(index);
    return parts === NO_PARTS ? md5 : `${md5}-${parts}`;
  }
}

/** The number of parts that is written after the MD5; null where something else is. */
function countParts(etag: string): number | null {
  if (etag.length === MD5_DIGITS) {
    return NO_PARTS;
  }
  const parts = Number(PARTS.exec(etag.slice(MD5_DIGITS))?.[1] ?? Number.NaN);
  return parts <= MOST_PARTS ? parts : null;
}
