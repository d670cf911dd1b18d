/** Words of 32 bits as lower-case hex digits: what UUIDs and MD5s are made of. An area has tens of millions of them. */

/** Printing by table is many times faster than `toString(16)` with padding. */
const TWO_DIGITS: readonly string[] = Array.from({ length: 0x100 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A word of 32 bits as eight digits. */
export function printHex(word: number): string {
  return `${TWO_DIGITS[word >>> 24]}${TWO_DIGITS[(word >>> 16) & 0xff]}${TWO_DIGITS[(word >>> 8) & 0xff]}${TWO_DIGITS[word & 0xff]}`;
}

/** The number that `digits` (at most eight) hex digits of a text make, from `at`; -1 where one is no such digit. */
export function parseHex(text: string, at: number, digits: number): number {
  let word = 0;
  for (let next = at; next < at + digits; next++) {
    const digit = hexDigit(text.charCodeAt(next));
    if (digit === -1) {
      return -1;
    }
    word = (word << 4) | digit;
  }
  return word >>> 0;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) {
    return code - 48;
  }
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
