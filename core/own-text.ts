/**
 * The same text in memory of its own. A text that was cut out of a longer one keeps the whole of that in memory: one
 * key that is remembered from a page of a listing keeps the page, and an area has tens of thousands of pages.
 */
export function ownText(text: string): string {
  const narrow = Buffer.from(text, 'latin1').toString('latin1');
  // UTF-16 as it stands, because a text may hold a lone surrogate, which UTF-8 can't.
  return narrow === text ? narrow : Buffer.from(text, 'utf16le').toString('utf16le');
}
