/** Two digits of every byte: a table is ten times as fast as `toString(16)`, and a page needs thousands of words. */
const OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The eight hexadecimal digits of the low 32 bits. */
export function hexDigits(word: number): string {
  return `${OF_BYTE[word >>> 24]}${OF_BYTE[(word >>> 16) & 255]}${OF_BYTE[(word >>> 8) & 255]}${OF_BYTE[word & 255]}`;
}
