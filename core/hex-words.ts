/** Words of 32 bits as lower-case hex digits: what UUIDs and MD5s are made of. An area has tens of millions of them. */

/** Printing by table is many times faster than `toString(16)` with padding. */
const TWO_DIGITS: readonly string[] = Array.from({ length: 0x100 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A word of 32 bits as eight digits. */
export function printHex(word: number): string {
  return `${TWO_DIGITS[word >>> 24]}${TWO_DIGITS[(word >>> 16) & 0xff]}${TWO_DIGITS[(word >>> 8) & 0xff]}${TWO_DIGITS[word & 0xff]}`;
}

/** The value of each ASCII character that is a lower-case digit; -1 of any other. */
const DIGITS = Int8Array.from({ length: 0x80 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)));

/**
 * The number that four hex digits of a text make, from `at`; negative where one is no such digit. It is never so large
 * that it would take memory of its own, as the number of a whole word may.
 */
export function parseHalf(text: string, at: number): number {
  return (
    (digitAt(text, at) << 12) | (digitAt(text, at + 1) << 8) | (digitAt(text, at + 2) << 4) | digitAt(text, at + 3)
  );
}

/** As {@link parseHalf}, of four digits that are bytes of a text in ASCII or UTF-8. */
export function readHalf(bytes: Uint8Array, at: number): number {
  return (
    (digitOf(bytes[at]) << 12) | (digitOf(bytes[at + 1]) << 8) | (digitOf(bytes[at + 2]) << 4) | digitOf(bytes[at + 3])
  );
}

function digitAt(text: string, at: number): number {
  return DIGITS[text.charCodeAt(at)] ?? -1;
}

function digitOf(byte: number | undefined): number {
  return DIGITS[byte ?? 0] ?? -1;
}
