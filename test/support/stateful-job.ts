import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type MetadataFile, type Operator, writeMetadata } from './metadata-writer.ts';
import { JOB, NOW, type PlayedPlace, uuid } from './played-job.ts';
import { type SstSpec, sst } from './sst-writer.ts';
import type { StreamHandle } from './state-handle-writer.ts';

const DAY = 86_400_000;

/** The description that Flink wrote of the states counter, payload, entries, events, session and cleared. */
export const DESCRIPTION = readFileSync(
  fileURLToPath(new URL('../fixtures/keyed-backends/database.bin', import.meta.url)),
);

/** One SST of a state. */
export interface PlayedTable {
  /** The same number, the same file. */
  readonly file: number;
  readonly family: string;
  readonly subtask?: number;
  /** Bytes beside those in which the table tells of itself. @default 1000 */
  readonly data?: number;
  readonly properties?: SstSpec['properties'];
  /** In place of a table. */
  readonly content?: Uint8Array;
  readonly modified?: number;
  /** The directory in which it lies, where another job has written it. @default the job's own */
  readonly of?: string;
}

/** An operator with keyed state in RocksDB. */
export interface PlayedOperator {
  /** One hex digit, of which the id is made. */
  readonly id: string;
  readonly name: string;
  readonly parallelism?: number;
  readonly tables: readonly PlayedTable[];
  /** @default the one of {@link DESCRIPTION}, in the root itself */
  readonly meta?: StreamHandle;
}

/** A job with keyed state, of which each file tells its state. Writes its files where they are not there yet. */
export class StatefulJob {
  readonly #place: PlayedPlace;
  readonly directory: string;
  readonly #url: string;
  readonly #sizes = new Map<number, number>();

  constructor(place: PlayedPlace, { directory = `flink/${JOB}/`, url = 's3://bucket' } = {}) {
    this.#place = place;
    this.directory = directory;
    this.#url = url;
  }

  key(file: number): string {
    return `${this.directory}shared/${uuid(file)}`;
  }

  /** @returns the key of its root. */
  complete(checkpoint: number, operators: readonly PlayedOperator[], modified = NOW - 2 * DAY): string {
    for (const table of operators.flatMap(({ tables }) => tables)) this.#upload(table, modified);
    const file: MetadataFile = {
      version: 5,
      checkpointId: checkpoint,
      operators: operators.map((operator) => this.#operator(operator)),
    };
    const key = `${this.directory}chk-${checkpoint}/_metadata`;
    this.#place.put(key, writeMetadata(file), modified);
    return key;
  }

  #upload(
    { file, family, data = 1_000, properties = {}, content, modified, of }: PlayedTable,
    completed: number,
  ): void {
    if (this.#sizes.has(file)) return;
    const said = { 'column.family.name': family, compression: 'Snappy', ...properties };
    const bytes = content ?? sst({ properties: said, data });
    this.#sizes.set(file, bytes.length);
    if (of === undefined) this.#place.put(this.key(file), bytes, modified ?? completed - 60_000);
  }

  #operator({ id, name, parallelism = 2, tables, meta = { inline: DESCRIPTION } }: PlayedOperator): Operator {
    const subtasks = [...new Set([0, ...tables.map(({ subtask = 0 }) => subtask)])].sort((one, other) => one - other);
    return {
      id: id.repeat(32),
      name,
      parallelism,
      subtasks: subtasks.map((index) => ({
        index,
        managedKeyed: {
          tag: 11,
          meta,
          shared: tables
            .filter(({ subtask = 0 }) => subtask === index)
            .map(({ file, of = this.directory }) => ({
              local: `${file}.sst`,
              handle: { file: `${this.#url}/${of}shared/${uuid(file)}`, bytes: this.#sizes.get(file) ?? 0 },
            })),
        },
      })),
    };
  }
}

/** What RocksDB says of so many entries. */
export function holding(entries: number, deletions: number, valueBytes: number): NonNullable<SstSpec['properties']> {
  return {
    'num.entries': entries,
    'deleted.keys': deletions,
    'raw.key.size': entries * 8,
    'raw.value.size': (entries - deletions) * valueBytes,
  };
}
