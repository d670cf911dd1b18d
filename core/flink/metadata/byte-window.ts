import { UUID_LENGTH, type UuidBytes } from '#core/uuid-names.ts';
import type { FolderStart } from './folder-start.ts';
import { decodeModifiedUtf8, MULTIBYTE, scanModifiedUtf8 } from './modified-utf8.ts';

/** Thrown by a read that needs more bytes than have arrived; {@link ByteWindow.rewind} takes the read back. */
export const SHORT: unique symbol = Symbol('more bytes are needed');

/** Thrown by a string read; `offset` is that of the first malformed group. */
export class MalformedText {
  readonly offset: number;

  constructor(offset: number) {
    this.offset = offset;
  }
}

/** A size, and the length of a path. */
const FILE_HEAD_BYTES = 8 + 2;

const NOTHING = Buffer.alloc(0);
const VIEW_OF_NOTHING = viewOf(NOTHING);

/**
 * The part of a byte stream that is being read: big-endian reads over chunks that arrive one after another.
 *
 * A reader marks where an element begins and reads it. If the bytes run out, {@link SHORT} is thrown, the reader
 * rewinds to the mark, and tries again once {@link advance} says that enough has arrived. Chunks are read in
 * place; only an element that straddles chunks is copied, so what is held never exceeds one element, and no chunk
 * is held after the call that offered it. A skip may go beyond what has arrived and costs no memory; it must be
 * the last thing in an element, because a rewind can't take it back.
 */
export class ByteWindow {
  /** The bytes being read: the offered chunk itself, or {@link #carry}. */
  #bytes: Buffer = NOTHING;
  /** Of the same bytes, because its reads are compiled to single loads. */
  #view = VIEW_OF_NOTHING;
  #at = 0;
  #end = 0;
  /** Offset in the stream of the first of `#bytes`. */
  #base = 0;
  #mark = 0;
  /** Bytes still to be skipped before `#bytes` goes on; nonzero only when all of `#bytes` is read. */
  #owed = 0;
  /** Bytes from the mark on that the interrupted element needs before it is worth another try. */
  #needed = 1;

  #carry: Buffer = NOTHING;
  #carried = 0;

  #incoming: Buffer = NOTHING;
  #incomingAt = 0;
  /** Offset in the stream of the first of `#incoming`. */
  #incomingBase = 0;

  #closed = false;

  /** True when no more bytes will come. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Offset in the stream of the next byte to read. */
  get position(): number {
    return this.#base + this.#at + this.#owed;
  }

  /** How many bytes have arrived. */
  get received(): number {
    return this.#incomingBase + this.#incoming.length;
  }

  /** Takes the next chunk; it is not kept beyond the {@link advance} that answers false. */
  offer(chunk: Uint8Array): void {
    this.#incomingBase += this.#incoming.length;
    this.#incoming = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#incomingAt = 0;
  }

  /** Says that no more bytes will come, and shows those that waited for more. */
  close(): void {
    this.#closed = true;
    if (this.#carried > 0) {
      this.#show(this.#carry, 0, this.#carried, this.#incomingBase - this.#carried);
    }
  }

  /** After a {@link rewind}: true when there are bytes enough to try the element again. */
  advance(): boolean {
    const paid = Math.min(this.#owed, this.#incoming.length - this.#incomingAt);
    this.#incomingAt += paid;
    this.#owed -= paid;
    this.#base += paid;
    const left = this.#incoming.length - this.#incomingAt;
    if (this.#carried === 0 && left >= this.#needed) {
      this.#show(this.#incoming, this.#incomingAt, this.#incoming.length, this.#incomingBase);
      this.#incomingAt = this.#incoming.length;
      return true;
    }
    const take = Math.min(left, this.#needed - this.#carried);
    this.#keep(this.#incoming, this.#incomingAt, take);
    this.#incomingAt += take;
    if (this.#carried < this.#needed) {
      this.#forgetChunk();
      return false;
    }
    this.#show(this.#carry, 0, this.#carried, this.#incomingBase + this.#incomingAt - this.#carried);
    return true;
  }

  /** Begins an element. */
  mark(): void {
    this.#mark = this.#at;
  }

  /** Takes back what was read since the mark, after {@link SHORT}. */
  rewind(): void {
    const rest = this.#end - this.#mark;
    const base = this.#base + this.#mark;
    const bytes = this.#bytes;
    this.#carried = 0;
    this.#keep(bytes, this.#mark, rest);
    this.#show(this.#carry, 0, rest, base);
  }

  u8(): number {
    return this.#view.getUint8(this.take(1));
  }

  i32(): number {
    return this.#view.getInt32(this.take(4));
  }

  i64(): bigint {
    const at = this.take(8);
    const high = this.#view.getInt32(at);
    // Most values fit a double, and making a bigint of one is far cheaper than shifting two together.
    return high >= 0 && high < 0x20_0000
      ? BigInt(high * 0x1_0000_0000 + this.#view.getUint32(at + 4))
      : this.#view.getBigInt64(at);
  }

  /** A copy of the next `count` bytes. */
  bytes(count: number): Uint8Array {
    const at = this.take(count);
    return Uint8Array.from(this.#bytes.subarray(at, at + count));
  }

  hex(count: number): string {
    const at = this.take(count);
    return this.#bytes.toString('hex', at, at + count);
  }

  /** @throws {@link MalformedText} */
  utf(): string {
    const length = this.#view.getUint16(this.take(2));
    const start = this.take(length);
    return this.#scan(start, length) === MULTIBYTE
      ? decodeModifiedUtf8(this.#view, start, start + length)
      : this.#bytes.toString('latin1', start, start + length);
  }

  /**
   * Looks, without reading, at the size and the path of a file, which come next.
   *
   * @param uuid becomes the one by which the file is named.
   * @returns the size, if that is known and a number holds it exactly, and the path is that of a file in the folder, named
   * by a UUID; else a negative number.
   */
  peekFile(folder: FolderStart, uuid: UuidBytes): number {
    this.require(FILE_HEAD_BYTES);
    const view = this.#view;
    const at = this.#at;
    const length = folder.length + UUID_LENGTH;
    if (view.getUint16(at + 8) !== length) {
      return -1;
    }
    this.require(FILE_HEAD_BYTES + length);
    const path = at + FILE_HEAD_BYTES;
    const high = view.getInt32(at);
    return high < 0x20_0000 && folder.isAt(view, path) && uuid.read(this.#bytes, path + folder.length)
      ? high * 0x1_0000_0000 + view.getUint32(at + 4)
      : -1;
  }

  /** Passes over what {@link peekFile} has found. */
  takeFile(folder: FolderStart): void {
    this.take(FILE_HEAD_BYTES + folder.length + UUID_LENGTH);
  }

  /**
   * Reads a string for its form only, because Java refuses the file for a malformed one.
   *
   * @returns its encoded length in bytes, the two of the length included.
   * @throws {@link MalformedText}
   */
  utfIgnored(): number {
    const length = this.#view.getUint16(this.take(2));
    this.#scan(this.take(length), length);
    return 2 + length;
  }

  /** The index in {@link #bytes} of the next `count` bytes, which are now read. */
  take(count: number): number {
    this.require(count);
    const at = this.#at;
    this.#at = at + count;
    return at;
  }

  /** Sees to it that the next `count` bytes have arrived, without reading them. */
  require(count: number): void {
    if (count > this.#end - this.#at) {
      this.#needed = this.#at - this.#mark + count;
      throw SHORT;
    }
  }

  /** Passes over `count` bytes, arrived or not. */
  skip(count: number): void {
    const here = Math.min(count, this.#end - this.#at);
    this.#at += here;
    this.#owed += count - here;
  }

  /** The next bytes that have arrived, `most` at most, without reading them. */
  peek(most: number): Uint8Array {
    return this.#bytes.subarray(this.#at, Math.min(this.#end, this.#at + most));
  }

  #scan(start: number, length: number): number {
    const found = scanModifiedUtf8(this.#view, start, start + length);
    if (found >= 0) {
      throw new MalformedText(this.#base + found);
    }
    return found;
  }

  #show(bytes: Buffer, at: number, end: number, base: number): void {
    if (bytes !== this.#carry) {
      this.#carried = 0;
    }
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    this.#at = at;
    this.#mark = at;
    this.#end = end;
    this.#base = base;
  }

  #keep(bytes: Buffer, from: number, count: number): void {
    if (this.#carried + count > this.#carry.length) {
      const grown = Buffer.allocUnsafe(Math.max(512, this.#carry.length * 2, this.#carried + count));
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    bytes.copy(this.#carry, this.#carried, from, from + count);
    this.#carried += count;
  }

  /** Its bytes belong to the caller, who may overwrite them for the next one. */
  #forgetChunk(): void {
    this.#incomingBase += this.#incoming.length;
    this.#incoming = NOTHING;
    this.#incomingAt = 0;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
