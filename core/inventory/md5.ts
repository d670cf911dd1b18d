import { parseHalf, printHex, readHalf } from '#core/hex-words.ts';

/** ETags as S3 makes them: an MD5, and after it the number of parts where the object was uploaded in several. */

const MD5_DIGITS = 32;
const NO_PARTS = 0;
/** S3 takes 10,000 parts of an upload, but files of so many are rare. */
const MOST_PARTS = 0xff;
/** With the hyphen, and one character more to tell a longer one. */
const LONGEST_PARTS = 5;
const PARTS = /^-([1-9]\d{0,2})$/;

/** An ETag as four words, each a signed number of 32 bits: one that is never negative would take memory of its own. */
export interface Md5 {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** Of the upload, 255 at most; 0 where it had none. */
  readonly parts: number;
}

/** Reads ETags one after another: what it tells holds until it reads the next one. */
export class Md5Reader implements Md5 {
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  parts = NO_PARTS;

  /** Whether a text is such an ETag, and of so few parts. */
  read(etag: string): boolean {
    this.parts = etag.length === MD5_DIGITS ? NO_PARTS : partsIn(etag.slice(MD5_DIGITS));
    const a = parseHalf(etag, 0);
    const b = parseHalf(etag, 4);
    const c = parseHalf(etag, 8);
    const d = parseHalf(etag, 12);
    const e = parseHalf(etag, 16);
    const f = parseHalf(etag, 20);
    const g = parseHalf(etag, 24);
    const h = parseHalf(etag, 28);
    return this.#take(a, b, c, d, e, f, g, h);
  }

  /** As {@link read}, of the bytes of a text in ASCII or UTF-8. */
  readBytes(bytes: Uint8Array, start: number, end: number): boolean {
    const digits = start + MD5_DIGITS;
    if (end < digits) return false;
    this.parts =
      end === digits
        ? NO_PARTS
        : partsIn(String.fromCharCode(...bytes.subarray(digits, Math.min(end, digits + LONGEST_PARTS))));
    const a = readHalf(bytes, start);
    const b = readHalf(bytes, start + 4);
    const c = readHalf(bytes, start + 8);
    const d = readHalf(bytes, start + 12);
    const e = readHalf(bytes, start + 16);
    const f = readHalf(bytes, start + 20);
    const g = readHalf(bytes, start + 24);
    const h = readHalf(bytes, start + 28);
    return this.#take(a, b, c, d, e, f, g, h);
  }

  #take(a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number): boolean {
    this.a = (a << 16) | b;
    this.b = (c << 16) | d;
    this.c = (e << 16) | f;
    this.d = (g << 16) | h;
    return (a | b | c | d | e | f | g | h) >= 0 && this.parts >= 0;
  }
}

/** The ETag of these words. */
export function printMd5(a: number, b: number, c: number, d: number, parts: number): string {
  const md5 = printHex(a) + printHex(b) + printHex(c) + printHex(d);
  return parts === NO_PARTS ? md5 : `${md5}-${parts}`;
}

/** The number of parts that is written after the MD5; -1 where something else is. */
function partsIn(text: string): number {
  const parts = Number(PARTS.exec(text)?.[1] ?? Number.NaN);
  return parts <= MOST_PARTS ? parts : -1;
}
