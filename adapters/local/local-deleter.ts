import type { Buffer } from 'node:buffer';
import { unlink } from 'node:fs/promises';
import type { DeleteOutcome, GuardedDeleter, GuardedKey } from '#ports/guarded-deleter.ts';
import { StoreError } from '#ports/object-store.ts';
import { errnoOf, saysAbsent } from './failures.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { folderOfPrefix } from './key-range.ts';
import { etagOf, kindOf } from './listed-file.ts';
import { joinPath, pathOfKey, RootFolder } from './root-folder.ts';

const MOST_KEYS = 1_000;

export interface DeletingFileSystem extends FileSystem {
  /** Removes a name; of a link the link itself. It fails for a folder. */
  unlink(path: Buffer): Promise<void>;
}

const nodeDeletingFileSystem: DeletingFileSystem = { ...nodeFileSystem, unlink };

/**
 * Deletes files of a local directory, each by its whole key and only while its ETag is the judged one. It has no way
 * to delete a folder, an empty one included, nor anything by a prefix.
 *
 * Between the look at a file and its removal another process could put a new file in its place; a file system has no
 * delete with a condition. That is acceptable here: Flink writes each state file once, under a fresh UUID, and never
 * again under the same name; and the gap is two system calls wide, after a quarantine of hours.
 */
export class LocalDeleter implements GuardedDeleter {
  readonly #fileSystem: DeletingFileSystem;
  readonly #root: RootFolder;

  /** @param fileSystem for tests. @default the operating system's */
  constructor(path: string, fileSystem: DeletingFileSystem = nodeDeletingFileSystem) {
    this.#fileSystem = fileSystem;
    this.#root = new RootFolder(path, fileSystem);
  }

  /**
   * @throws RangeError for more than 1,000 keys, StoreError where there is no such folder; nothing is deleted then.
   */
  async delete(batch: readonly GuardedKey[], signal?: AbortSignal): Promise<readonly DeleteOutcome[]> {
    if (batch.length > MOST_KEYS) {
      throw new RangeError(`At most ${MOST_KEYS} keys are deleted at a time, not ${batch.length}; none was deleted.`);
    }
    await this.#root.enter();
    const outcomes: DeleteOutcome[] = [];
    // One by one, so that an abort leaves no removal in flight.
    for (const guarded of batch) {
      outcomes.push(
        signal?.aborted
          ? refused(guarded.key, 'The run was stopped before this object was deleted.')
          : await this.#deleteOne(guarded),
      );
    }
    return outcomes;
  }

  async #deleteOne({ key, etag }: GuardedKey): Promise<DeleteOutcome> {
    try {
      return await this.#lookAndDelete(key, etag);
    } catch (error) {
      if (error instanceof StoreError) return refused(key, error.message);
      // Whether the file is there is known again by the next listing.
      return refused(key, `The operating system did not delete ${this.#root.shown(key)}: ${errnoOf(error) ?? error}.`);
    }
  }

  async #lookAndDelete(key: string, etag: string): Promise<DeleteOutcome> {
    const below = pathOfKey(key);
    if (below === undefined) return refused(key, `${JSON.stringify(key)} is not the key of a file in a folder.`);
    try {
      // Refuses a path through a link: it would lead out of the root, or to a file that was judged by another key.
      const folder = await this.#root.findFolder(folderOfPrefix(key));
      if (folder === undefined) return await this.#gone(key);
      const name = below.subarray(below.lastIndexOf('/') + 1);
      const path = joinPath(folder, name);
      const stats = await this.#fileSystem.lstat(path);
      if (etagOf(stats) !== etag) return { key, outcome: 'changed' };
      if (!stats.isFile()) {
        return refused(key, `${this.#root.shown(key)} is ${kindOf(stats)}, and only ordinary files are deleted.`);
      }
      await this.#fileSystem.unlink(path);
      return { key, outcome: 'deleted' };
    } catch (error) {
      if (saysAbsent(error)) return this.#gone(key);
      throw error;
    }
  }

  /** Nothing has gone in the sense wanted where the whole place has: its mount may come back. */
  async #gone(key: string): Promise<DeleteOutcome> {
    await this.#root.enter();
    return { key, outcome: 'gone' };
  }
}

function refused(key: string, why: string): DeleteOutcome {
  return { key, outcome: 'refused', why };
}
