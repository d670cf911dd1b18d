import type { Buffer } from 'node:buffer';

const ZERO = 0x30;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const T = 0x54;
const Z = 0x5a;
const MONTH_BYTES = 'YYYY-MM-'.length;
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])-$/;
const DAY = 86_400_000;

/** Reads times as S3 writes them, `2027-03-01T00:00:00.000Z`, from the bytes of one page. */
export class UsualTimes {
  readonly #bytes: Buffer;
  /** Most objects of a page are of one month, whose beginning is looked up once: where a time of it stands. */
  #monthAt = -1;
  #startOfMonth = Number.NaN;
  #daysOfMonth = Number.NaN;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Epoch milliseconds; NaN for anything that is no time, or written in another way. */
  read(start: number, end: number): number {
    const bytes = this.#bytes;
    const isUsual =
      end - start === 24 &&
      bytes[start + 7] === MINUS &&
      bytes[start + 10] === T &&
      bytes[start + 13] === COLON &&
      bytes[start + 16] === COLON &&
      bytes[start + 19] === DOT &&
      bytes[start + 23] === Z;
    if (!isUsual) return Number.NaN;
    if (!this.#isOfMonth(start)) this.#enterMonth(start);
    const day = this.#two(start + 8);
    const hour = this.#two(start + 11);
    const minute = this.#two(start + 14);
    const second = this.#two(start + 17);
    // The last three digits, of which the first stands alone.
    const hundreds = this.#digit(start + 20);
    const rest = this.#two(start + 21);
    if (!(day >= 1 && day <= this.#daysOfMonth && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59))
      return Number.NaN;
    if (!(second >= 0 && second <= 59 && hundreds >= 0 && rest >= 0)) return Number.NaN;
    const seconds = (((day - 1) * 24 + hour) * 60 + minute) * 60 + second;
    return this.#startOfMonth + seconds * 1_000 + hundreds * 100 + rest;
  }

  #isOfMonth(start: number): boolean {
    if (this.#monthAt === -1) return false;
    for (let index = 0; index < MONTH_BYTES; index++) {
      if (this.#bytes[this.#monthAt + index] !== this.#bytes[start + index]) return false;
    }
    return true;
  }

  #enterMonth(start: number): void {
    const month = this.#bytes.toString('latin1', start, start + MONTH_BYTES);
    this.#monthAt = start;
    this.#startOfMonth = MONTH.test(month) ? Date.parse(`${month}01T00:00:00Z`) : Number.NaN;
    const next = new Date(this.#startOfMonth);
    next.setUTCMonth(next.getUTCMonth() + 1);
    this.#daysOfMonth = (next.getTime() - this.#startOfMonth) / DAY;
  }

  /** Negative where one of the two is no digit. */
  #two(at: number): number {
    const tens = this.#digit(at);
    const ones = this.#digit(at + 1);
    return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
  }

  #digit(at: number): number {
    const digit = (this.#bytes[at] ?? 0) - ZERO;
    return digit >= 0 && digit <= 9 ? digit : -1;
  }
}
