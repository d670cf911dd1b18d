import { ownText } from '#core/own-text.ts';
import { ByteColumn, TupleColumn } from './columns.ts';
import { parseHalf, printHex } from './hex-words.ts';
import { swapEntries } from './sparse-rows.ts';

const MD5_DIGITS = 32;
const PARTS = /^-([1-9]\d{0,4})$/;
const NO_PARTS = 0;
/** S3 takes 10,000 parts of an upload, but files of so many are rare. */
const MOST_PARTS = 0xff;

/**
 * A column of ETags: S3's own (an MD5, with the number of parts after a multipart upload) in 16 or 17 bytes, others as
 * text.
 */
export class EtagColumn {
  readonly #words = new TupleColumn(4);
  readonly #parts = new ByteColumn();
  readonly #others = new Map<number, string>();

  push(etag: string): void {
    const row = this.#words.length;
    const parts = countParts(etag);
    const a = parseHalf(etag, 0);
    const b = parseHalf(etag, 4);
    const c = parseHalf(etag, 8);
    const d = parseHalf(etag, 12);
    const e = parseHalf(etag, 16);
    const f = parseHalf(etag, 20);
    const g = parseHalf(etag, 24);
    const h = parseHalf(etag, 28);
    if (parts === null || (a | b | c | d | e | f | g | h) < 0) {
      this.#others.set(row, ownText(etag));
      this.#words.push(0, 0, 0, 0);
    } else {
      this.#words.push((a << 16) | b, (c << 16) | d, (e << 16) | f, (g << 16) | h);
      this.#parts.set(row, parts);
    }
  }

  get(row: number): string {
    const other = this.#others.get(row);
    if (other !== undefined) {
      return other;
    }
    const words = this.#words;
    const md5 =
      printHex(words.get(row, 0)) +
      printHex(words.get(row, 1)) +
      printHex(words.get(row, 2)) +
      printHex(words.get(row, 3));
    const parts = this.#parts.get(row);
    return parts === NO_PARTS ? md5 : `${md5}-${parts}`;
  }

  swap(row: number, other: number): void {
    this.#words.swap(row, other);
    this.#parts.swap(row, other);
    swapEntries(this.#others, row, other);
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
