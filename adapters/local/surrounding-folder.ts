import type { Buffer } from 'node:buffer';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, sep } from 'node:path';
import { errnoOf } from './failures.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';

/** The folders around a directory of the area, as far as they are looked through. */

/** Entries of folders that are looked at around one directory. */
export const MOST_ENTRIES = 100_000;

/** A folder above a directory, and what references call it. */
export interface SurroundingFolder {
  readonly path: string;
  /** Key prefix of the folder in its store, empty or with a closing slash. */
  readonly base: string;
}

/**
 * The folder around a directory whose files have no other name than their path: its parent. Null where that holds
 * what belongs to everybody.
 *
 * @param real a path without symbolic links.
 */
export function parentOf(real: string): SurroundingFolder | null {
  const parent = dirname(real);
  return isEverybodys(parent) ? null : { path: parent, base: below(parent.slice(1)) };
}

/**
 * The folder around a directory that stands for a prefix of a bucket: as far up as folders have the names of the prefix.
 * Null where already the directory itself has another name, or stands for a whole bucket.
 *
 * @param key of the bucket, without a closing slash.
 */
export function folderNamedLike(real: string, key: string): SurroundingFolder | null {
  let found: SurroundingFolder | null = null;
  let path = real;
  let rest = key;
  while (rest !== '' && basename(path) === rest.slice(rest.lastIndexOf('/') + 1) && !isEverybodys(dirname(path))) {
    path = dirname(path);
    rest = rest.slice(0, Math.max(0, rest.lastIndexOf('/')));
    found = { path, base: below(rest) };
  }
  return found;
}

function below(key: string): string {
  return key === '' ? '' : `${key}/`;
}

/** The top of the file system, home directories, the system's temporary folder, and the folders above those. */
function isEverybodys(folder: string): boolean {
  const own = [homedir(), tmpdir(), '/tmp', '/var/tmp', '/home/any', '/Users/any'];
  const prefix = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  const isHome = ['/home', '/Users'].includes(dirname(folder));
  return isHome || own.some((path) => `${path}${sep}`.startsWith(prefix));
}

/**
 * Shows the folders of one device only, and no more than {@link MOST_ENTRIES} entries; what others may not read is left
 * out. What was left out is said.
 */
export class BoundedFileSystem implements FileSystem {
  readonly #top: string;
  readonly #inner: FileSystem;
  readonly #most: number;
  readonly #leftOut = new Set<string>();
  #device: bigint | null = null;
  #entries = 0;

  constructor(top: string, inner: FileSystem = nodeFileSystem, most: number = MOST_ENTRIES) {
    this.#top = top;
    this.#inner = inner;
    this.#most = most;
  }

  /** What was not looked through, in sentences. */
  get leftOut(): readonly string[] {
    return [...this.#leftOut];
  }

  async readdir(path: Buffer): ReturnType<FileSystem['readdir']> {
    const shown = path.toString('utf8');
    this.#device ??= (await this.#inner.stat(path)).dev;
    if ((await this.#inner.lstat(path)).dev !== this.#device) {
      return this.#without(`${shown} is another file system`);
    }
    if (this.#entries >= this.#most) return this.#without(`${this.#top} has more than ${this.#most} entries`);
    try {
      const entries = await this.#inner.readdir(path);
      this.#entries += entries.length;
      return entries;
    } catch (error) {
      if (!['EACCES', 'EPERM'].includes(`${errnoOf(error)}`)) throw error;
      return this.#without(`${shown} can't be read by this user`);
    }
  }

  realpath(path: Buffer): ReturnType<FileSystem['realpath']> {
    return this.#inner.realpath(path);
  }

  readlink(path: Buffer): ReturnType<FileSystem['readlink']> {
    return this.#inner.readlink(path);
  }

  lstat(path: Buffer): ReturnType<FileSystem['lstat']> {
    return this.#inner.lstat(path);
  }

  stat(path: Buffer): ReturnType<FileSystem['stat']> {
    return this.#inner.stat(path);
  }

  open(path: Buffer, flags: number): ReturnType<FileSystem['open']> {
    return this.#inner.open(path, flags);
  }

  #without(why: string): readonly [] {
    this.#leftOut.add(
      `${why}, so not everything there was searched for checkpoints that reference files in the area. If there may be some, add their directory to the area.`,
    );
    return [];
  }
}
