/** Writes the end of an SST, as RocksDB does, after as many bytes of data as are wanted. */

const MAGIC = Buffer.from([0xf7, 0xcf, 0xf4, 0x85, 0xb7, 0x41, 0xe2, 0x88]);
const FOOTER_BYTES = 53;

export interface SstSpec {
  /** Numbers are written as varints; names without `rocksdb.`. Null for a table without such a block. */
  readonly properties?: Readonly<Record<string, string | number>> | null;
  /** Bytes of blocks before the properties. @default 100 */
  readonly data?: number;
  /** Bytes of blocks between the properties and the directory. @default 0 */
  readonly between?: number;
  /** Version of the format: from 6 on, the footer has other fields. @default 5 */
  readonly format?: number;
}

/** A whole table. */
export function sst({ properties = {}, data = 100, between = 0, format = 5 }: SstSpec = {}): Buffer {
  const own =
    properties === null
      ? null
      : block(
          Object.entries(properties).map(([name, value]) => [
            `rocksdb.${name}`,
            typeof value === 'string' ? Buffer.from(value) : varint(value),
          ]),
        );
  const before = Buffer.alloc(data, 0xaa);
  const gap = Buffer.alloc(between, 0xbb);
  const ownAt = own === null ? [] : [['rocksdb.properties', handle(data, own.length - 5)] as const];
  const directory = block([['rocksdb.index', handle(0, 10)], ...ownAt]);
  const content = Buffer.concat([before, own ?? Buffer.alloc(0), gap, directory]);
  return Buffer.concat([content, footer(content.length - directory.length, directory.length - 5, format)]);
}

export function footer(directoryAt: number, directorySize: number, format: number): Buffer {
  const bytes = Buffer.alloc(FOOTER_BYTES);
  bytes[0] = 1;
  if (format < 6) {
    Buffer.concat([handle(directoryAt, directorySize), handle(0, 10)]).copy(bytes, 1);
  } else {
    bytes.writeUInt32LE(directorySize, 13);
  }
  bytes.writeUInt32LE(format, FOOTER_BYTES - 12);
  MAGIC.copy(bytes, FOOTER_BYTES - 8);
  return bytes;
}

/** With its trailer; keys share their beginnings as RocksDB writes them. */
export function block(entries: readonly (readonly [string, Uint8Array])[]): Buffer {
  const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
  let last = '';
  const parts = sorted.map(([key, value]) => {
    let shared = 0;
    while (shared < last.length && last[shared] === key[shared]) shared += 1;
    last = key;
    const own = Buffer.from(key.slice(shared));
    return Buffer.concat([varint(shared), varint(own.length), varint(value.length), own, value]);
  });
  const restarts = Buffer.alloc(8);
  restarts.writeUInt32LE(1, 4);
  return Buffer.concat([...parts, restarts, Buffer.from([0, 1, 2, 3, 4])]);
}

export function handle(offset: number, size: number): Buffer {
  return Buffer.concat([varint(offset), varint(size)]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
