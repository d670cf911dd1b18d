import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { AreaWriter, DeletedObject, PutOptions, PutOutcome, RestoreOutcome } from '#ports/area-writer.ts';
import { StoreError } from '#ports/object-store.ts';
import { errnoOf, saysAbsent } from './failures.ts';
import { folderOfPrefix } from './key-range.ts';
import { etagOf, modifiedOf } from './listed-file.ts';
import { joinPath, pathOfKey, RootFolder } from './root-folder.ts';
import { nodeWritingFileSystem, TemporaryFile, type WritingFileSystem, writeErrorOf } from './temporary-file.ts';

const NOTHING_WRITTEN = 'nothing was written';

/** Where a file lies or is to lie. */
interface Target {
  readonly folder: Buffer;
  readonly path: Buffer;
}

/**
 * Writes single files into a local directory: whole ones, under a temporary name that Flink does not write and that
 * the steward therefore keeps, should a crash leave one.
 *
 * A path through a symbolic link is refused: it would lead out of the directory.
 */
export class LocalWriter implements AreaWriter {
  readonly #fileSystem: WritingFileSystem;
  readonly #root: RootFolder;

  /** @param fileSystem for tests. @default the operating system's */
  constructor(path: string, fileSystem: WritingFileSystem = nodeWritingFileSystem) {
    this.#fileSystem = fileSystem;
    this.#root = new RootFolder(path, fileSystem);
  }

  /** Makes the folders on the way where they are missing. */
  async putIfAbsent(key: string, content: Uint8Array, { modified }: PutOptions = {}): Promise<PutOutcome> {
    return await this.#attempt(key, async () => {
      const below = this.#below(key);
      const target = this.#targetIn(await this.#makeFolder(folderOfPrefix(key)), below);
      return await this.#write(target, content, modified, (file) => file.linkTo(target.path));
    });
  }

  /**
   * What has gone meanwhile counts as something else by now, and is not written anew.
   *
   * Between the look and the renaming another process could put a new file in its place; a file system has no renaming
   * with a condition. The gap is a system call wide, and only the steward writes what the steward replaces.
   */
  async replace(key: string, content: Uint8Array, etag: string): Promise<PutOutcome> {
    return await this.#attempt(key, async () => {
      const found = await this.#find(key);
      if (found === undefined || !isThatFile(found.stats, etag)) return { outcome: 'exists' };
      return await this.#write(found, content, undefined, async (file) => {
        if (!isThatFile(await this.#fileSystem.lstat(found.path), etag)) return false;
        await file.renameTo(found.path);
        return true;
      });
    });
  }

  /** A directory keeps no versions, so this only says what is there. */
  async restore(deleted: DeletedObject): Promise<RestoreOutcome> {
    return await this.canRestore(deleted);
  }

  async canRestore({ key, etag }: DeletedObject): Promise<RestoreOutcome> {
    return await this.#attempt(key, async () => {
      const found = await this.#find(key);
      if (found !== undefined && isThatFile(found.stats, etag)) return { outcome: 'present' };
      const now = found === undefined ? 'no longer exists' : 'has been replaced';
      return { outcome: 'lost', why: `${this.#root.shown(key)} ${now}, and a directory keeps no versions.` };
    });
  }

  async #write(
    { folder, path }: Target,
    content: Uint8Array,
    modified: number | undefined,
    name: (file: TemporaryFile) => Promise<boolean>,
  ): Promise<PutOutcome> {
    const temporary = Buffer.from(`.flink-steward-${randomUUID()}.tmp`);
    const file = await TemporaryFile.write(this.#fileSystem, folder, temporary, content, modified);
    try {
      if (!(await name(file))) return { outcome: 'exists' };
      const stats = await this.#fileSystem.lstat(path);
      return { outcome: 'written', etag: etagOf(stats), modified: modifiedOf(stats) };
    } finally {
      await file.dispose();
    }
  }

  async #find(key: string): Promise<(Target & { readonly stats: BigIntStats }) | undefined> {
    const below = this.#below(key);
    const folder = await this.#root.findFolder(folderOfPrefix(key));
    try {
      if (folder !== undefined) {
        const target = this.#targetIn(folder, below);
        return { ...target, stats: await this.#fileSystem.lstat(target.path) };
      }
    } catch (error) {
      if (!saysAbsent(error)) throw error;
    }
    // Nothing is gone where the whole place is: its mount may come back.
    await this.#root.enter();
    return undefined;
  }

  /** @param folder '' or the folder's key, which ends in `/`. */
  async #makeFolder(folder: string): Promise<Buffer> {
    const found = await this.#root.findFolder(folder);
    if (found !== undefined) return found;
    const parent = await this.#makeFolder(folderOfPrefix(folder.slice(0, -1)));
    const name = this.#below(folder.slice(folderOfPrefix(folder.slice(0, -1)).length, -1));
    try {
      await this.#fileSystem.mkdir(joinPath(parent, name));
      await this.#fileSystem.syncFolder(parent);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    // What is there may be a link that somebody else has put there.
    const made = await this.#root.findFolder(folder);
    if (made !== undefined) return made;
    throw new StoreError('unavailable', `${this.#root.shown(folder)} is not a folder; ${NOTHING_WRITTEN} below it.`);
  }

  #below(key: string): Buffer {
    const below = pathOfKey(key);
    if (below !== undefined) return below;
    throw new StoreError(
      'unavailable',
      `${JSON.stringify(key)} is not the key of a file in a folder; ${NOTHING_WRITTEN}.`,
    );
  }

  #targetIn(folder: Buffer, below: Buffer): Target {
    return { folder, path: joinPath(folder, below.subarray(below.lastIndexOf('/') + 1)) };
  }

  async #attempt<T>(key: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw writeErrorOf(
        error,
        `${this.#root.shown(key)} can't be written`,
        'the next listing shows whether it is there',
      );
    }
  }
}

function isThatFile(stats: BigIntStats, etag: string): boolean {
  return stats.isFile() && etagOf(stats) === etag;
}
