import { Buffer, isAscii, isUtf8 } from 'node:buffer';

/** An answer that is not whole, or that is no list of objects. Nothing of it may be used. */
export class BrokenPageError extends Error {
  override readonly name = 'BrokenPageError';
  /** By this the SDK knows that the request may be sent again. */
  readonly $retryable = { throttling: false };
}

/**
 * Walks through the elements of an answer's XML, one way and without a tree. It knows as much of XML as stores write:
 * no comments, no CDATA, no '>' in attributes. All else is refused.
 */
export class XmlWalk {
  /** Looked at as bytes: a text of the whole page would cost as much as the rest of its reading. */
  protected readonly bytes: Buffer;
  readonly #isAscii: boolean;
  #text: string | undefined;
  protected at = 0;
  /** Of the element that was opened last. */
  protected name = '';
  protected isEmptyElement = false;

  constructor(body: Uint8Array) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.#isAscii = isAscii(body);
    if (!(this.#isAscii || isUtf8(body))) this.fail('has bytes that are not UTF-8');
  }

  /** One character per byte, so that its offsets are those of the bytes. Made when it is first asked for. */
  protected get text(): string {
    this.#text ??= this.bytes.toString('latin1');
    return this.#text;
  }

  /** Opens the element that comes next, and leaves the scanner at its content. */
  protected open(): string {
    this.skipSpace();
    const second = this.bytes[this.at + 1];
    if (this.bytes[this.at] !== LESS || second === SLASH || second === BANG || second === QUESTION) {
      this.fail('has something else where an element should begin');
    }
    const usual = usualName(second, this.bytes[this.at + 2]);
    if (usual !== '' && this.has(usual, this.at + 1)) {
      const end = this.at + 1 + usual.length;
      if (this.bytes[end] === GREATER) {
        this.name = usual;
        this.isEmptyElement = false;
        this.at = end + 1;
        return usual;
      }
    }
    const end = this.bytes.indexOf(GREATER, this.at);
    if (end === -1) this.fail('ends within a tag');
    this.isEmptyElement = this.bytes[end - 1] === SLASH;
    const tag = this.bytes.toString('latin1', this.at + 1, this.isEmptyElement ? end - 1 : end);
    const space = tag.search(/\s/);
    this.name = space === -1 ? tag : tag.slice(0, space);
    this.at = end + 1;
    return this.name;
  }

  /** Whether ASCII text stands at an offset. */
  protected has(text: string, at: number): boolean {
    for (let index = 0; index < text.length; index++) {
      if (this.bytes[at + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Whether the closing tag of `name` is next; then it is passed. */
  protected atClosing(name: string): boolean {
    if (this.isEmptyElement) {
      // Only the element that was just opened can be meant: its children reset this when they end.
      this.isEmptyElement = false;
      return true;
    }
    this.skipSpace();
    if (this.bytes[this.at] !== LESS || this.bytes[this.at + 1] !== SLASH) return false;
    this.#close(name);
    return true;
  }

  #close(name: string): void {
    const end = this.at + 2 + name.length;
    const isClosing = this.bytes[this.at] === LESS && this.bytes[this.at + 1] === SLASH;
    if (!isClosing || this.bytes[end] !== GREATER || !this.has(name, this.at + 2))
      this.fail(`does not close <${name}>`);
    this.at = end + 1;
  }

  /** Skips the element that was just opened, with all its contents. */
  protected skip(): void {
    const open: string[] = [];
    for (let current: string | undefined = this.name; current !== undefined; ) {
      if (!this.isEmptyElement) {
        this.at = this.#nextTag();
        if (this.bytes[this.at + 1] !== SLASH) {
          open.push(current);
          current = this.open();
          continue;
        }
        this.#close(current);
      }
      this.isEmptyElement = false;
      current = open.pop();
    }
  }

  /** Passes the text of the element that was just opened, with its closing tag; gives where it ends. */
  protected value(): number {
    if (this.isEmptyElement) {
      this.isEmptyElement = false;
      return this.at;
    }
    const end = this.#nextTag();
    this.at = end;
    this.#close(this.name);
    return end;
  }

  #nextTag(): number {
    const at = this.bytes.indexOf(LESS, this.at);
    if (at === -1) this.fail(`ends within <${this.name}>`);
    return at;
  }

  protected plain(): string {
    const start = this.at;
    return this.decode(start, this.value());
  }

  /**
   * The text between two offsets, entities replaced. Made from the bytes: a part of a text of the whole page would keep
   * all of that page in memory for as long as one key of it is known.
   */
  protected decode(start: number, end: number): string {
    const text = this.bytes.toString(this.#isAscii ? 'latin1' : 'utf8', start, end);
    return text.includes('&') ? text.replace(/&([^;]*;?)/g, (_all: string, name: string) => this.#entity(name)) : text;
  }

  #entity(name: string): string {
    const known = ENTITIES.get(name);
    if (known !== undefined) return known;
    const [, hex, decimal] = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));$/.exec(name) ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!(code <= 0x10ffff)) this.fail(`has an unknown entity: &${name}`);
    return String.fromCodePoint(code);
  }

  protected skipProlog(): void {
    if (BYTE_ORDER_MARK.every((byte, index) => this.bytes[index] === byte)) this.at = BYTE_ORDER_MARK.length;
    this.skipSpace();
    if (!this.has('<?xml', this.at)) return;
    const end = this.bytes.indexOf('?>', this.at);
    if (end === -1) this.fail('ends within its first tag');
    this.at = end + 2;
  }

  protected skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at++;
    }
  }

  protected fail(what: string): never {
    throw new BrokenPageError(`A page of the listing ${what} (byte ${this.at} of ${this.bytes.length})`);
  }
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;

/** A guess at the names of which a page has a thousand, so that no text need be made for them; '' for none. */
function usualName(first: number | undefined, second: number | undefined): string {
  switch (first) {
    case 0x43:
      return 'Contents';
    case 0x4b:
      return 'Key';
    case 0x4c:
      return 'LastModified';
    case 0x45:
      return 'ETag';
    case 0x53:
      return second === 0x69 ? 'Size' : 'StorageClass';
    default:
      return '';
  }
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp;', '&'],
  ['lt;', '<'],
  ['gt;', '>'],
  ['quot;', '"'],
  ['apos;', "'"],
]);
