import type { Buffer } from 'node:buffer';
import { type BigIntStats, constants } from 'node:fs';
import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { StoreError } from '#ports/object-store.ts';
import { errnoOf, saysAbsent, storeErrorOf } from './failures.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { joinPath } from './root-folder.ts';

/** The calls that writing needs besides. A seam for tests: few disks at hand have no hard links. */
export interface WritingFileSystem extends FileSystem {
  mkdir(path: Buffer): Promise<void>;
  /** Opens a new file. It fails where there is something of that name. */
  create(path: Buffer): Promise<NewFile>;
  /** A second name for a file. It fails where there is something of that name, a link included. */
  link(from: Buffer, to: Buffer): Promise<void>;
  /** Another name for a file, over what has that name. */
  rename(from: Buffer, to: Buffer): Promise<void>;
  unlink(path: Buffer): Promise<void>;
  /** Has the names in a folder on the disk. */
  syncFolder(path: Buffer): Promise<void>;
}

export interface NewFile {
  write(content: Uint8Array): Promise<void>;
  /** @param seconds since the epoch. */
  setModified(seconds: number): Promise<void>;
  /** Has the content on the disk. */
  sync(): Promise<void>;
  stat(): Promise<BigIntStats>;
  close(): Promise<void>;
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);
const NO_RIGHT = new Set(['EACCES', 'EPERM', 'EROFS']);
/** What file systems say that have no such thing as a folder to be synced. */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR', 'EBADF']);

export const nodeWritingFileSystem: WritingFileSystem = {
  ...nodeFileSystem,
  mkdir: async (path) => {
    await mkdir(path);
  },
  create: async (path) => {
    const handle = await open(path, 'wx');
    return {
      write: (content) => handle.writeFile(content),
      setModified: (seconds) => handle.utimes(seconds, seconds),
      sync: () => handle.sync(),
      stat: () => handle.stat({ bigint: true }),
      close: () => handle.close(),
    };
  },
  link,
  rename,
  unlink,
  syncFolder: async (path) => {
    const handle = await open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } catch (error) {
      if (!NO_FOLDER_SYNC.has(errnoOf(error) ?? '')) throw error;
    } finally {
      await handle.close();
    }
  },
};

/** A file on the disk under a name that nobody looks for, until it gets the one that it was written for. */
export class TemporaryFile {
  readonly #fileSystem: WritingFileSystem;
  readonly #folder: Buffer;
  readonly #path: Buffer;
  #isNamed = false;

  private constructor(
    fileSystem: WritingFileSystem,
    folder: Buffer,
    path: Buffer,
    /** As it is while nobody knows it. */
    readonly stats: BigIntStats,
  ) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
    this.#path = path;
  }

  /**
   * @param name one that nobody else has: it is removed again.
   * @param modified its time, epoch milliseconds. @default that of writing it
   */
  static async write(
    fileSystem: WritingFileSystem,
    folder: Buffer,
    name: Buffer,
    content: Uint8Array,
    modified?: number,
  ): Promise<TemporaryFile> {
    const path = joinPath(folder, name);
    const file = await fileSystem.create(path);
    try {
      try {
        await file.write(content);
        // In seconds with a fraction this may come out a fraction of a microsecond early, in the millisecond before.
        if (modified !== undefined) await file.setModified(modified / 1_000 + 1e-6);
        await file.sync();
        return new TemporaryFile(fileSystem, folder, path, await file.stat());
      } finally {
        await file.close();
      }
    } catch (error) {
      await takeAway(fileSystem, path);
      throw error;
    }
  }

  /**
   * Gives it a name that nothing has.
   *
   * @returns false where something has that name; it is not changed.
   * @throws StoreError where the file system has no hard links.
   */
  async linkTo(path: Buffer): Promise<boolean> {
    try {
      await this.#fileSystem.link(this.#path, path);
    } catch (error) {
      const errno = errnoOf(error) ?? '';
      if (NO_LINKS.has(errno)) throw noLinks(this.#folder, error);
      // A network file system may have lost its own answer, asked again, and found what it had made itself.
      if (errno !== 'EEXIST' || !(await this.#isAt(path))) {
        if (errno === 'EEXIST') return false;
        throw error;
      }
    }
    await this.#fileSystem.syncFolder(this.#folder);
    return true;
  }

  /** Gives it a name in place of what has it. */
  async renameTo(path: Buffer): Promise<void> {
    await this.#fileSystem.rename(this.#path, path);
    this.#isNamed = true;
    await this.#fileSystem.syncFolder(this.#folder);
  }

  /** Removes the temporary name. A name that can't be removed does no harm. */
  async dispose(): Promise<void> {
    if (!this.#isNamed) await takeAway(this.#fileSystem, this.#path);
  }

  async #isAt(path: Buffer): Promise<boolean> {
    try {
      const { dev, ino } = await this.#fileSystem.lstat(path);
      return dev === this.stats.dev && ino === this.stats.ino;
    } catch (error) {
      if (saysAbsent(error)) return false;
      throw error;
    }
  }
}

async function takeAway(fileSystem: WritingFileSystem, path: Buffer): Promise<void> {
  try {
    await fileSystem.unlink(path);
  } catch {
    // The failure to tell of is the one that led here, if any.
  }
}

function noLinks(folder: Buffer, cause: unknown): StoreError {
  return new StoreError(
    'unavailable',
    `The file system of '${folder}' has no hard links (${errnoOf(cause)}), and without them the steward can't keep two writers ` +
      'apart. Nothing was written; use a folder on another file system.',
    { cause },
  );
}

/** A failure of the operating system while something was written, as a sentence. */
export function writeErrorOf(error: unknown, what: string, follows: string): StoreError {
  if (error instanceof StoreError) return error;
  const errno = errnoOf(error) ?? '';
  if (!NO_RIGHT.has(errno)) return storeErrorOf(error, what, follows);
  const advice = 'Give this user write permission there, then try again.';
  return new StoreError('denied', `${what}: permission denied (${errno}); ${follows}. ${advice}`, { cause: error });
}
