/**
 * Blocks of an SST as RocksDB's block-based table format writes them: entries with shared prefixes of keys, then the
 * offsets of restart points. Source: https://github.com/facebook/rocksdb/wiki/Rocksdb-BlockBasedTable-Format
 */

/** Where a block lies in its table, without its trailer. */
export interface BlockHandle {
  /** Bytes from the start of the table. */
  readonly offset: number;
  readonly size: number;
}

/** A number, and the index behind it. */
export interface Varint {
  readonly value: number;
  readonly next: number;
}

/** A 64-bit number takes at most ten bytes of seven bits each. */
const LONGEST_VARINT = 10;
/** The highest bit of the number of restart points says what kind of index a block has. */
const RESTARTS = 0x7fff_ffff;

/**
 * A number of seven bits a byte, the lowest first. One beyond 2^53 is not exact.
 *
 * @returns null where the bytes end in the middle of it, or it is longer than 64 bits are.
 */
export function varintAt(bytes: Uint8Array, at: number): Varint | null {
  let value = 0;
  for (let index = 0; index < LONGEST_VARINT; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return null;
}

/** @returns null where the bytes end in the middle of it. */
export function handleAt(bytes: Uint8Array, at: number): BlockHandle | null {
  const offset = varintAt(bytes, at);
  const size = offset === null ? null : varintAt(bytes, offset.next);
  return offset === null || size === null ? null : { offset: offset.value, size: size.value };
}

/**
 * The entries of a block that is not compressed. Keys are texts of one byte a character.
 *
 * @returns null where it is not such a block.
 */
export function entriesOf(block: Uint8Array): ReadonlyMap<string, Uint8Array> | null {
  const end = endOfEntries(block);
  if (end === null) return null;
  const entries = new Map<string, Uint8Array>();
  let key = '';
  for (let at = 0; at < end; ) {
    const shared = varintAt(block, at);
    const own = shared && varintAt(block, shared.next);
    const length = own && varintAt(block, own.next);
    if (!shared || !own || !length || shared.value > key.length) return null;
    const valueAt = length.next + own.value;
    const next = valueAt + length.value;
    if (next > end) return null;
    key = key.slice(0, shared.value) + textOf(block.subarray(length.next, valueAt));
    entries.set(key, block.subarray(valueAt, next));
    at = next;
  }
  return entries;
}

/** A text of one byte a character. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function endOfEntries(block: Uint8Array): number | null {
  if (block.length < 4) return null;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const restarts = view.getUint32(block.length - 4, true) & RESTARTS;
  const end = block.length - 4 - restarts * 4;
  return end < 0 ? null : end;
}
