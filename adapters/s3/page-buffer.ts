import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { BrokenPageError } from './xml-walk.ts';

/** A page of 1,000 keys of a usual length takes some 350 KiB. */
const USUAL_BYTES = 512 * 1024;
/**
 * So many pages side by side share one piece of memory. The system gives only what of it is written to, and, as it has
 * more than 32 MiB, takes it back as a whole: glibc keeps what is smaller for itself, once it was given back before.
 */
const PAGES = 72;
/**
 * How many milliseconds after the last page the piece is given back. Between two bursts of a listing no page is read
 * either, and to take so much memory anew costs two collections of garbage each time.
 */
const KEPT = 500;

/** The parts of the piece that nobody uses at present, the first one last; null where there is no piece. */
let spare: Buffer[] | null = null;
let underWay = 0;
let farewell: NodeJS.Timeout | undefined;

/**
 * Gathers the body of one page. A listing of ten million objects has ten thousand pages: memory of their own for each
 * would be gigabytes of garbage outside the heap, where it is found late, and leaves gaps that stay with the process.
 */
export class PageBuffer {
  readonly #spare: Buffer[];
  readonly #lent: Buffer | undefined;
  #buffer: Buffer;
  #length = 0;

  constructor() {
    spare ??= newPiece();
    this.#spare = spare;
    this.#lent = spare.pop();
    this.#buffer = this.#lent ?? Buffer.allocUnsafeSlow(USUAL_BYTES);
    underWay++;
    clearTimeout(farewell);
  }

  /**
   * All of a body.
   *
   * @returns memory that is another page's once this one is released.
   * @throws BrokenPageError where the connection ended early
   */
  async collect(body: unknown): Promise<Buffer> {
    if (body instanceof Uint8Array) {
      this.#add(body);
    } else if (body instanceof Readable) {
      await new Promise<void>((resolve, reject) => {
        body.on('data', (chunk: Uint8Array) => this.#add(chunk));
        body.once('error', reject);
        body.once('end', resolve);
        body.once('close', () => {
          // Each body is closed in the end, and an error costs more than a page of keys is worth.
          if (!body.readableEnded) reject(new BrokenPageError('The connection ended within a page of the listing'));
        });
      });
    } else {
      throw new BrokenPageError('The listing was answered without a body');
    }
    return this.#buffer.subarray(0, this.#length);
  }

  /** To be called once, when nobody looks at the page any more. */
  release(): void {
    if (this.#lent !== undefined) {
      this.#spare.push(this.#lent);
    }
    // Whatever comes late all the same must not come into the next page.
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    underWay--;
    if (underWay > 0) return;
    farewell = setTimeout(() => {
      spare = null;
    }, KEPT).unref();
  }

  #add(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
  }
}

function newPiece(): Buffer[] {
  const piece = Buffer.allocUnsafeSlow(PAGES * USUAL_BYTES);
  return Array.from({ length: PAGES }, (_, page) =>
    piece.subarray(page * USUAL_BYTES, (page + 1) * USUAL_BYTES),
  ).reverse();
}
