import { textOf, varintAt } from './sst-block.ts';

/** What RocksDB writes down of a table. Null where it does not say. */
export interface TableProperties {
  /** The column family, which in Flink's databases is the name of a state. */
  readonly family: string | null;
  /** Keys with their values, older versions and tombstones among them. */
  readonly entries: number | null;
  /** Tombstones among the entries. */
  readonly deletions: number | null;
  /** Entries that add to an older one, as those of lists do. */
  readonly merges: number | null;
  /** Bytes of all keys and values before compression. */
  readonly rawKeyBytes: number | null;
  readonly rawValueBytes: number | null;
  /** `Snappy`, `NoCompression`, … */
  readonly compression: string | null;
  /** When the table was written, epoch milliseconds. */
  readonly written: number | null;
  /** When the oldest data in it was first written, as far as compaction passes that on; epoch milliseconds. */
  readonly oldest: number | null;
}

/** @param properties the entries of the block of properties: numbers are varints, or texts. */
export function propertiesOf(properties: ReadonlyMap<string, Uint8Array>): TableProperties {
  const number = (name: string): number | null => {
    const value = properties.get(`rocksdb.${name}`);
    return value === undefined ? null : (varintAt(value, 0)?.value ?? null);
  };
  const text = (name: string): string | null => {
    const value = properties.get(`rocksdb.${name}`);
    return value === undefined || value.length === 0 ? null : utf8(value);
  };
  /** Seconds; 0 stands for unknown. */
  const time = (name: string): number | null => {
    const seconds = number(name) ?? 0;
    return seconds > 0 && seconds < LAST_SECOND ? seconds * 1_000 : null;
  };
  const oldest = [time('oldest.key.time'), time('creation.time')].filter((at) => at !== null);
  return {
    family: text('column.family.name'),
    entries: number('num.entries'),
    deletions: number('deleted.keys'),
    merges: number('merge.operands'),
    rawKeyBytes: number('raw.key.size'),
    rawValueBytes: number('raw.value.size'),
    compression: text('compression'),
    written: time('file.creation.time'),
    oldest: oldest.length === 0 ? null : Math.min(...oldest),
  };
}

/** The end of the year 9999: later ones are no times. */
const LAST_SECOND = 253_402_300_800;
const MOST_NAME_BYTES = 4 * 1024;

function utf8(bytes: Uint8Array): string {
  const cut = bytes.subarray(0, MOST_NAME_BYTES);
  return Buffer.from(textOf(cut), 'latin1').toString('utf8');
}
