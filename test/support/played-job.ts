import type { SnapshotKind } from '#core/flink/metadata/model.ts';
import { incrementalCheckpoint } from '#test/support/metadata-writer.ts';

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** The time at which the surveys of the tests start. */
export const NOW = Date.UTC(2027, 2, 1);

export const JOB = '9468946f38e9d60efc7468a374aec04f';
export const OTHER_JOB = 'e8281d81fc468ee47e6eaa5a31fdb2d1';

const BYTES = 100;

/** The name of a state file: the same number, the same name. */
export function uuid(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-0b6e-4d38-a3d1-${(number * 7).toString(16).padStart(12, '0')}`;
}

/** Where a played job writes: times are epoch milliseconds. */
export interface PlayedPlace {
  put(key: string, content: string | Uint8Array, modified: number): unknown;
  remove(...keys: readonly string[]): unknown;
}

/** A Flink job that writes into a bucket what the tests tell it to. */
export class PlayedJob {
  readonly #store: PlayedPlace;
  readonly directory: string;
  readonly #url: string;

  /**
   * @param directory of the job, with a closing slash.
   * @param url what comes before the store's keys in references.
   */
  constructor(store: PlayedPlace, directory = `flink/${JOB}/`, url = 's3a://bucket') {
    this.#store = store;
    this.directory = directory;
    this.#url = url;
  }

  /** The key of a state file in one of the job's directories. */
  file(number: number, below = 'shared'): string {
    return `${this.directory}${below}/${uuid(number)}`;
  }

  root(checkpoint: number): string {
    return `${this.directory}chk-${checkpoint}/_metadata`;
  }

  /** Writes a state file. @returns its key. */
  upload(number: number, modified = NOW - 5 * DAY, below = 'shared'): string {
    const key = this.file(number, below);
    this.#store.put(key, 'x'.repeat(BYTES), modified);
    return key;
  }

  /** Completes a checkpoint that names these keys. @returns the key of its root. */
  complete(checkpoint: number, files: readonly string[], modified = NOW - 2 * DAY, kind?: SnapshotKind): string {
    const key = this.root(checkpoint);
    this.#store.put(key, this.metadata(checkpoint, files, kind), modified);
    return key;
  }

  metadata(checkpoint: number, files: readonly string[], kind: SnapshotKind = 'checkpoint'): Buffer {
    const shared = files.map((key) => ({ path: `${this.#url}/${key}`, bytes: BYTES }));
    return incrementalCheckpoint({ id: checkpoint, kind, shared });
  }

  /** What Flink does when a newer checkpoint has completed. */
  subsume(checkpoint: number): void {
    this.#store.remove(this.root(checkpoint));
  }
}
