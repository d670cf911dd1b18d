import { ownText } from '#core/own-text.ts';
import { ByteColumn, TupleColumn } from './columns.ts';
import { Md5Reader, printMd5 } from './md5.ts';
import { swapEntries } from './sparse-rows.ts';

/**
 * A column of ETags: S3's own (an MD5, with the number of parts after a multipart upload) in 16 or 17 bytes, others as
 * text.
 */
export class EtagColumn {
  readonly #words = new TupleColumn(4);
  readonly #parts = new ByteColumn();
  readonly #others = new Map<number, string>();
  readonly #md5 = new Md5Reader();

  push(etag: string): void {
    const md5 = this.#md5;
    if (md5.read(etag)) {
      this.pushMd5(md5.a, md5.b, md5.c, md5.d, md5.parts);
    } else {
      this.#others.set(this.#words.length, ownText(etag));
      this.#words.push(0, 0, 0, 0);
    }
  }

  /** Adds an ETag without a text for it. */
  pushMd5(a: number, b: number, c: number, d: number, parts: number): void {
    const row = this.#words.length;
    this.#words.push(a, b, c, d);
    this.#parts.set(row, parts);
  }

  get(row: number): string {
    const other = this.#others.get(row);
    if (other !== undefined) {
      return other;
    }
    const words = this.#words;
    return printMd5(words.get(row, 0), words.get(row, 1), words.get(row, 2), words.get(row, 3), this.#parts.get(row));
  }

  swap(row: number, other: number): void {
    this.#words.swap(row, other);
    this.#parts.swap(row, other);
    swapEntries(this.#others, row, other);
  }
}
