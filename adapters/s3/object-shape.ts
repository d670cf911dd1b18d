import type { Buffer } from 'node:buffer';
import type { ListedStorage } from './listed-storage.ts';
import { WordBytes } from './word-bytes.ts';

/** The start and end of a value in a page's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface ValueSpans {
  readonly key: Span;
  readonly modified: Span;
  readonly etag: Span;
  readonly bytes: Span;
}

/** How stores write the quotes of an ETag. */
const QUOTES = ['&quot;', '&#34;', '"'];
const LESS = 0x3c;

/**
 * What one object of a page has around its four values. Text that is the same around them has the same elements, and
 * so means the same: the objects of a page are compared with one that was parsed, several times as fast as they would
 * be parsed. Whatever differs, by a space or an element, does not match.
 */
export class ObjectShape {
  readonly #bytes: WordBytes;
  /** The texts before, between and after the values, from where to where they lie in the object that was parsed. */
  readonly #head: Span;
  readonly #afterKey: Span;
  readonly #afterModified: Span;
  readonly #afterEtag: Span;
  readonly #tail: Span;
  readonly #quote: number;
  /** Of each object of this shape: the text that tells it is a part of the shape. */
  readonly storage: ListedStorage;

  /** Of the object that matched last. The quotes of the ETag lie outside. */
  keyStart = 0;
  keyEnd = 0;
  modifiedStart = 0;
  modifiedEnd = 0;
  etagStart = 0;
  etagEnd = 0;
  bytesStart = 0;
  bytesEnd = 0;

  private constructor(
    page: WordBytes,
    whole: Span,
    { key, modified, etag, bytes }: ValueSpans,
    quote: number,
    storage: ListedStorage,
  ) {
    this.#bytes = page;
    this.storage = storage;
    this.#head = { start: whole.start, end: key.start };
    this.#afterKey = { start: key.end, end: modified.start };
    this.#afterModified = { start: modified.end, end: etag.start + quote };
    this.#afterEtag = { start: etag.end - quote, end: bytes.start };
    this.#tail = { start: bytes.end, end: whole.end };
    this.#quote = quote;
  }

  /**
   * The shape of an object that was parsed.
   *
   * @param values where its values lie, by the names of their elements; quotes of the ETag included.
   * @param storage what its storage class means.
   * @returns null where they stand in another order than S3's, or the ETag has no quotes.
   */
  static of(page: Buffer, whole: Span, values: ReadonlyMap<string, Span>, storage: ListedStorage): ObjectShape | null {
    const [key, modified, etag, bytes] = ['Key', 'LastModified', 'ETag', 'Size'].map((name) => values.get(name));
    if (key === undefined || modified === undefined || etag === undefined || bytes === undefined) return null;
    if (!(key.end < modified.start && modified.end < etag.start && etag.end < bytes.start)) return null;
    const written = page.toString('latin1', etag.start, etag.end);
    const quote = QUOTES.find(
      (mark) => written.startsWith(mark) && written.endsWith(mark) && written.length > 2 * mark.length,
    );
    return quote === undefined
      ? null
      : new ObjectShape(new WordBytes(page), whole, { key, modified, etag, bytes }, quote.length, storage);
  }

  /** Where the object that begins at `at` ends; -1 where it has another shape. */
  match(at: number): number {
    this.keyStart = this.#behind(this.#head, at);
    this.keyEnd = this.#nextTag(this.keyStart);
    this.modifiedStart = this.#behind(this.#afterKey, this.keyEnd);
    this.modifiedEnd = this.#nextTag(this.modifiedStart);
    this.etagStart = this.#behind(this.#afterModified, this.modifiedEnd);
    const etagTag = this.#nextTag(this.etagStart);
    this.etagEnd = etagTag - this.#quote;
    if (etagTag === -1 || this.etagEnd <= this.etagStart) return -1;
    this.bytesStart = this.#behind(this.#afterEtag, this.etagEnd);
    this.bytesEnd = this.#nextTag(this.bytesStart);
    return this.#behind(this.#tail, this.bytesEnd);
  }

  /** Where the known text that stands at `at` ends; -1 where another one stands there, or `at` is -1 itself. */
  #behind({ start, end }: Span, at: number): number {
    return at !== -1 && this.#bytes.areSame(start, at, end - start) ? at + end - start : -1;
  }

  #nextTag(from: number): number {
    return from === -1 ? -1 : this.#bytes.find(LESS, from);
  }
}
