import { Buffer } from 'node:buffer';
import { resolve, sep } from 'node:path';
import { StoreError } from '#ports/object-store.ts';
import { saysAbsent, shown, storeErrorOf } from './failures.ts';
import { encodeFileName } from './file-name.ts';
import type { FileSystem } from './file-system.ts';

/**
 * The folder that a local place is, and the way from keys to paths below it.
 *
 * The folder is resolved once and then watched by device and inode: where a mount has gone, its empty mount point is
 * still there, and every object would look definitely absent.
 */
export class RootFolder {
  readonly #fileSystem: FileSystem;
  readonly #path: string;
  #entered: Entered | undefined;

  /** @param name the folder as the user gave it; it may be a symbolic link to a folder. */
  constructor(
    readonly name: string,
    fileSystem: FileSystem,
  ) {
    this.#fileSystem = fileSystem;
    this.#path = resolve(name);
  }

  /**
   * The folder's real path, after a look that it is still the folder of the first time.
   *
   * @throws StoreError `no-such-place` where there is no such folder (any more), `unavailable` where another one has
   *   taken its place.
   */
  async enter(): Promise<Buffer> {
    const path = this.#entered?.path ?? (await this.#resolve());
    const { dev, ino } = await this.#look(path);
    this.#entered ??= { path, dev, ino };
    if (this.#entered.dev !== dev || this.#entered.ino !== ino) {
      throw new StoreError(
        'unavailable',
        `The folder ${shown(this.name)} was unmounted or replaced after this run began, so nothing read from it can ` +
          'be trusted. Put the first folder back, then run again.',
      );
    }
    return path;
  }

  /**
   * Where the objects of a folder lie.
   *
   * @param folder '' or the folder's key, which ends in `/`.
   * @returns undefined where there is no such folder.
   * @throws StoreError also where it is reached through a symbolic link, which is never followed.
   */
  async findFolder(folder: string): Promise<Buffer | undefined> {
    const root = await this.enter();
    if (folder === '') return root;
    const below = pathOfKey(folder.slice(0, -1));
    if (below === undefined) return undefined;
    const path = joinPath(root, below);
    let real: Buffer;
    let isFolder: boolean;
    try {
      real = await this.#fileSystem.realpath(path);
      isFolder = (await this.#fileSystem.lstat(real)).isDirectory();
    } catch (error) {
      if (saysAbsent(error)) return undefined;
      throw storeErrorOf(error, `The folder ${this.shown(folder)} can't be reached`, 'its contents are unknown');
    }
    if (!real.equals(path)) {
      throw new StoreError(
        'unavailable',
        `${this.shown(folder)} can be reached only through a symbolic link or under another spelling, and links inside ` +
          'a directory are not followed. Add the folder that it leads to as a location of its own.',
      );
    }
    return isFolder ? path : undefined;
  }

  /** A key of this place as people should see it: the whole path. */
  shown(key: string): string {
    const slash = this.name.endsWith(sep) ? '' : sep;
    return key === '' ? shown(this.name) : shown(`${this.name}${slash}${key}`);
  }

  async #resolve(): Promise<Buffer> {
    try {
      return await this.#fileSystem.realpath(Buffer.from(this.#path));
    } catch (error) {
      throw this.#noEntry(error);
    }
  }

  async #look(path: Buffer) {
    try {
      const stats = await this.#fileSystem.lstat(path);
      if (stats.isDirectory()) return stats;
    } catch (error) {
      throw this.#noEntry(error);
    }
    throw new StoreError(
      'no-such-place',
      `${shown(this.name)} is not a folder, so it contains no objects. Use the folder that contains the checkpoints.`,
    );
  }

  #noEntry(error: unknown): StoreError {
    if (!saysAbsent(error)) {
      return storeErrorOf(error, `The folder ${shown(this.name)} can't be opened`, 'its contents are unknown');
    }
    const gone = this.#entered !== undefined;
    return new StoreError(
      'no-such-place',
      gone
        ? `The folder ${shown(this.name)} was deleted while it was read; nothing read from it can be trusted.`
        : `The folder ${shown(this.name)} does not exist. Check the path, and that its file system is mounted. A bucket is written as s3://bucket/prefix.`,
      { cause: error },
    );
  }
}

interface Entered {
  readonly path: Buffer;
  readonly dev: bigint;
  readonly ino: bigint;
}

/**
 * The path of a key below the root.
 *
 * @returns undefined for a key that no file can have: empty, absolute, with an empty segment, with `.` or `..`, with a
 *   NUL, or without an encoding.
 */
export function pathOfKey(key: string): Buffer | undefined {
  const impossible = key.includes('\0') || key.split('/').some((part) => part === '' || part === '.' || part === '..');
  return impossible ? undefined : encodeFileName(key);
}

const SLASH = Buffer.from('/');

/** @param folder a path without closing slash, or the file system's root. */
export function joinPath(folder: Buffer, below: Buffer): Buffer {
  return folder.equals(SLASH) ? Buffer.concat([SLASH, below]) : Buffer.concat([folder, SLASH, below]);
}
