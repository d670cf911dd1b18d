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
  readonly #bytes: Buffer;
  /** One character per byte, so that its offsets are those of the bytes. */
  protected readonly text: string;
  readonly #isAscii: boolean;
  protected at = 0;
  /** Of the element that was opened last. */
  protected name = '';
  protected isEmptyElement = false;

  constructor(body: Uint8Array) {
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.#isAscii = isAscii(body);
    this.text = this.#bytes.toString('latin1');
    if (!(this.#isAscii || isUtf8(body))) this.fail('has bytes that are no UTF-8');
  }

  /** Opens the element that comes next, and leaves the scanner at its content. */
  protected open(): string {
    this.skipSpace();
    const text = this.text;
    const second = text.charCodeAt(this.at + 1);
    if (text.charCodeAt(this.at) !== LESS || second === SLASH || second === BANG || second === QUESTION) {
      this.fail('has something else where an element should begin');
    }
    const usual = usualName(second, text.charCodeAt(this.at + 2));
    if (usual !== '' && text.startsWith(usual, this.at + 1)) {
      const end = this.at + 1 + usual.length;
      if (text.charCodeAt(end) === GREATER) {
        this.name = usual;
        this.isEmptyElement = false;
        this.at = end + 1;
        return usual;
      }
    }
    const end = text.indexOf('>', this.at);
    if (end === -1) this.fail('ends within a tag');
    this.isEmptyElement = text.charCodeAt(end - 1) === SLASH;
    const tag = text.slice(this.at + 1, this.isEmptyElement ? end - 1 : end);
    const space = tag.search(/\s/);
    this.name = space === -1 ? tag : tag.slice(0, space);
    this.at = end + 1;
    return this.name;
  }

  /** Whether the closing tag of `name` is next; then it is passed. */
  protected atClosing(name: string): boolean {
    if (this.isEmptyElement) {
      // Only the element that was just opened can be meant: its children reset this when they end.
      this.isEmptyElement = false;
      return true;
    }
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== LESS || this.text.charCodeAt(this.at + 1) !== SLASH) return false;
    this.#close(name);
    return true;
  }

  #close(name: string): void {
    const text = this.text;
    const end = this.at + 2 + name.length;
    const isClosing = text.charCodeAt(this.at) === LESS && text.charCodeAt(this.at + 1) === SLASH;
    if (!isClosing || text.charCodeAt(end) !== GREATER || !text.startsWith(name, this.at + 2)) {
      this.fail(`does not close <${name}>`);
    }
    this.at = end + 1;
  }

  /** Passes the element that was just opened, whatever it holds. */
  protected skip(): void {
    const open: string[] = [];
    for (let current: string | undefined = this.name; current !== undefined; ) {
      if (!this.isEmptyElement) {
        this.at = this.#nextTag();
        if (this.text.charCodeAt(this.at + 1) !== SLASH) {
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
    const at = this.text.indexOf('<', this.at);
    if (at === -1) this.fail(`ends within <${this.name}>`);
    return at;
  }

  protected plain(): string {
    const start = this.at;
    return this.decode(start, this.value());
  }

  /**
   * The text between two offsets, entities replaced. Made from the bytes: a part of the page's text would keep all of
   * that page in memory for as long as one key of it is known.
   */
  protected decode(start: number, end: number): string {
    const text = this.#isAscii ? this.#bytes.toString('latin1', start, end) : this.#bytes.toString('utf8', start, end);
    return text.includes('&') ? text.replace(/&([^;]*;?)/g, (_all: string, name: string) => this.#entity(name)) : text;
  }

  #entity(name: string): string {
    const known = ENTITIES.get(name);
    if (known !== undefined) return known;
    const [, hex, decimal] = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));$/.exec(name) ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!(code <= 0x10ffff)) this.fail(`has an entity that is none: &${name}`);
    return String.fromCodePoint(code);
  }

  protected skipProlog(): void {
    // A byte order mark, in bytes.
    if (this.text.startsWith('\u00ef\u00bb\u00bf')) this.at = 3;
    this.skipSpace();
    if (!this.text.startsWith('<?xml', this.at)) return;
    const end = this.text.indexOf('?>', this.at);
    if (end === -1) this.fail('ends within its first tag');
    this.at = end + 2;
  }

  protected skipSpace(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.at++;
    }
  }

  protected fail(what: string): never {
    throw new BrokenPageError(`A page of the listing ${what} (byte ${this.at} of ${this.text.length})`);
  }
}

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;

/** A guess at the names of which a page has a thousand, so that no text need be made for them; '' for none. */
function usualName(first: number, second: number): string {
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
