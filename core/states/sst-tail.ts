import { type BlockHandle, entriesOf, handleAt } from './sst-block.ts';
import { propertiesOf, type TableProperties } from './table-properties.ts';

/**
 * What an SST of RocksDB or ForSt says of itself, in its last kilobyte: the footer leads to a directory of blocks, and
 * that to the properties of the table. Nothing of its keys and values is looked at.
 */

/**
 * What the end of a file shows.
 *
 * * `table`: a whole footer, and what the table says of itself; null where it says nothing.
 * * `need-more`: the bytes from this offset of the table to its end are needed.
 * * `torn`: it ends as a table does, but its end does not fit its beginning: a part of it is missing or is another's.
 * * `not-a-table`: it does not end as a table does.
 */
export type SstTail =
  | { readonly outcome: 'table'; readonly properties: TableProperties | null }
  | { readonly outcome: 'need-more'; readonly from: number }
  | { readonly outcome: 'torn'; readonly why: string }
  | { readonly outcome: 'not-a-table' };

/** So much of the end of a table tells all in nearly every case; the largest of the recordings takes 999 bytes. */
export const USUAL_TAIL = 4 * 1024;
/** More than this is never asked for: properties that lie further ahead belong to no table that Flink writes. */
export const LONGEST_TAIL = 1024 * 1024;

/** A checksum type, the handles or what stands in their place, a version and the magic number. */
const FOOTER_BYTES = 53;
const MAGIC = [0xf7, 0xcf, 0xf4, 0x85, 0xb7, 0x41, 0xe2, 0x88];
/** In a footer, where the handle of the directory begins. */
const HANDLE_AT = 1;
/** The kind of compression, and a checksum. */
const TRAILER_BYTES = 5;
const UNCOMPRESSED = 0;
/** From this version of the format on, the directory lies right before the footer, which tells its size alone. */
const SIZE_ONLY_SINCE = 6;
const SIZE_AT = 13;
const NEWEST_FORMAT = 7;
const PROPERTIES = 'rocksdb.properties';

/**
 * Reads the last bytes of a table. Total: it answers for any bytes, and throws for none.
 *
 * @param end the last bytes of the table, as many as are known.
 * @param size bytes of the whole table: of a segment, its own.
 */
export function readSstTail(end: Uint8Array, size: number): SstTail {
  const tail = end.subarray(Math.max(0, end.length - size));
  if (size < FOOTER_BYTES) return NOT_A_TABLE;
  if (tail.length < FOOTER_BYTES) return { outcome: 'need-more', from: Math.max(0, size - USUAL_TAIL) };
  const footer = tail.subarray(tail.length - FOOTER_BYTES);
  if (MAGIC.some((byte, at) => footer[FOOTER_BYTES - MAGIC.length + at] !== byte)) return NOT_A_TABLE;
  const known = new KnownEnd(tail, size);
  const directoryAt = directoryOf(footer, size - FOOTER_BYTES);
  if (directoryAt === null) return torn('its footer is none that RocksDB writes');
  const directory = known.block(directoryAt, size - FOOTER_BYTES, 'directory');
  if (!(directory instanceof Uint8Array)) return directory;
  const blocks = entriesOf(directory);
  if (blocks === null) return torn('the directory of its blocks is none');
  const leading = blocks.get(PROPERTIES);
  if (leading === undefined) return { outcome: 'table', properties: null };
  const propertiesAt = handleAt(leading, 0);
  if (propertiesAt === null) return torn('the directory of its blocks is none');
  const block = known.block(propertiesAt, directoryAt.offset, 'properties');
  if (!(block instanceof Uint8Array)) return block;
  const properties = entriesOf(block);
  return properties === null
    ? torn('its properties are not what RocksDB writes')
    : { outcome: 'table', properties: propertiesOf(properties) };
}

const NOT_A_TABLE: SstTail = { outcome: 'not-a-table' };

function torn(why: string): SstTail {
  return { outcome: 'torn', why };
}

/** @param end where the footer begins in the table. */
function directoryOf(footer: Uint8Array, end: number): BlockHandle | null {
  const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength);
  const version = view.getUint32(FOOTER_BYTES - MAGIC.length - 4, true);
  if (version > NEWEST_FORMAT) return null;
  if (version < SIZE_ONLY_SINCE) return handleAt(footer, HANDLE_AT);
  const size = view.getUint32(SIZE_AT, true);
  return { offset: end - TRAILER_BYTES - size, size };
}

/** The end of a table, as far as it is known. */
class KnownEnd {
  readonly #tail: Uint8Array;
  readonly #size: number;

  constructor(tail: Uint8Array, size: number) {
    this.#tail = tail;
    this.#size = size;
  }

  /** The content of a block that ends, with its trailer, before an offset of the table; or why there is none. */
  block({ offset, size }: BlockHandle, before: number, what: string): Uint8Array | SstTail {
    if (offset < 0 || offset + size + TRAILER_BYTES > before) return torn(`its ${what} would lie behind its own end`);
    const start = this.#size - this.#tail.length;
    if (offset < start) {
      return this.#size - offset > LONGEST_TAIL
        ? torn(`its ${what} would be larger than any that Flink writes`)
        : { outcome: 'need-more', from: offset };
    }
    const block = this.#tail.subarray(offset - start, offset - start + size);
    // RocksDB compresses neither of them.
    return this.#tail[offset - start + size] === UNCOMPRESSED ? block : torn(`its ${what} can't be read`);
  }
}
