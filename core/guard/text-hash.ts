/** Where {@link hashText} begins: the offset basis of FNV-1a. */
const FIRST = 0x811c_9dc5;

/**
 * A number of 32 bits that depends on nothing but a text.
 *
 * @param before what the beginning of the text gave, where it was hashed before.
 */
export function hashText(text: string, before: number = FIRST): number {
  let hash = before;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  }
  return hash;
}

/** Spreads it over all 32 bits: FNV leaves the upper ones of short texts alike, and by those a filter chooses its block. */
export function spread(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2_ae35);
  return (second ^ (second >>> 16)) >>> 0;
}
