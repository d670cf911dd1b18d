import type { Buffer } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { compareKeys } from '#core/key-order.ts';
import { type ListedObject, StoreError } from '#ports/object-store.ts';
import { mapBounded } from './bounded.ts';
import { saysAbsent, storeErrorOf } from './failures.ts';
import { decodeFileName, encodeFileName } from './file-name.ts';
import type { FileSystem, FolderEntry } from './file-system.ts';
import { etagOf, listedFile, modifiedOf } from './listed-file.ts';
import { joinPath, type RootFolder } from './root-folder.ts';
import type { WalkedFolders } from './walked-folders.ts';

/** A folder whose entries are being listed. */
export interface Folder {
  /** '' or the folder's key, which ends in `/`. */
  readonly key: string;
  readonly path: Buffer;
}

/** An entry of a folder; the name of a folder ends in `/`. */
export interface Entry {
  readonly folder: Folder;
  readonly name: string;
  /** Of a folder that is not entered: under which other path it was. */
  readonly sameAs?: string;
}

/** What a folder holds. */
export interface FolderContent {
  /**
   * Sorted as the keys that begin with them: a folder's name counts with its closing `/`, for `a-b` and `a.b` come
   * before what is in `a`. Only the names are held, not what they name.
   */
  readonly names: readonly string[];
  /** Another path under which the same folder was walked; then it is not walked again, and no names are given. */
  readonly sameAs: string | null;
}

/** Enough to keep a network file system busy, few enough to leave the thread pool to others. */
const LOOKS_AT_ONCE = 32;
const READS_OF_A_FOLDER = 5;
const INCOMPLETE = 'its contents are unknown, so the listing stops here';

/** Reads the folders and looks at the files of one place, and says what went wrong where. */
export class FolderReader {
  readonly #root: RootFolder;
  readonly #fileSystem: FileSystem;
  readonly #walked: WalkedFolders;

  /** @param walked the folders of this and other places that must not be walked under a second path. */
  constructor(root: RootFolder, fileSystem: FileSystem, walked: WalkedFolders) {
    this.#root = root;
    this.#fileSystem = fileSystem;
    this.#walked = walked;
  }

  /**
   * @param wanted which keys to keep; a folder's ends in `/`.
   * @returns undefined if the folder has vanished.
   */
  async content(folder: Folder, wanted: (key: string) => boolean): Promise<FolderContent | undefined> {
    const read = await this.#readdir(folder);
    if (read === undefined) return undefined;
    if (typeof read === 'string') return { names: [], sameAs: read };
    const names = read
      .map((entry) => decodeFileName(entry.name) + (entry.isDirectory() ? '/' : ''))
      .filter((name) => wanted(folder.key + name))
      .sort(compareKeys);
    return { names, sameAs: null };
  }

  /**
   * The objects that these entries are, in their order, without those that have vanished. A network file system may go on
   * showing the name of a file that has gone; lstat decides, so that a listing does not contradict what a read has found.
   */
  async look(entries: readonly Entry[]): Promise<readonly ListedObject[]> {
    const root = await this.#root.enter();
    const objects = await mapBounded(entries, LOOKS_AT_ONCE, (entry) => this.#lookAt(root, entry));
    return objects.filter((object) => object !== undefined);
  }

  /** @param name a folder's, with its `/`. */
  open(parent: Folder, name: string): Folder {
    return { key: parent.key + name, path: pathOf(parent, name.slice(0, -1)) };
  }

  async #lookAt(root: Buffer, { folder, name, sameAs }: Entry): Promise<ListedObject | undefined> {
    const key = folder.key + name;
    const path = pathOf(folder, name.replace(/\/$/, ''));
    let stats: BigIntStats;
    try {
      stats = await this.#fileSystem.lstat(path);
      if (sameAs !== undefined && stats.isDirectory()) return this.#secondPath(key, stats, sameAs);
      // A folder in place of a file has another place in the order, where it would be missed.
      if (!stats.isDirectory()) return await listedFile(this.#fileSystem, { root, path, key, stats });
    } catch (error) {
      if (saysAbsent(error)) return undefined;
      throw storeErrorOf(
        error,
        `${this.#root.shown(key)} in the folder ${this.#root.shown(folder.key)} can't be checked`,
        INCOMPLETE,
      );
    }
    throw this.#replaced(key);
  }

  #secondPath(key: string, stats: BigIntStats, sameAs: string): ListedObject {
    const special = {
      what: `the same directory as ${sameAs}`,
      mayHideRoots: false,
      secondPath: { here: this.#root.shown(key.slice(0, -1)), there: sameAs },
    };
    return { key, bytes: 0, modified: modifiedOf(stats), etag: etagOf(stats), special };
  }

  /** @returns its entries; or, of a folder that was walked under another path, that path. */
  async #readdir(folder: Folder): Promise<readonly FolderEntry[] | string | undefined> {
    for (let read = 0; read < READS_OF_A_FOLDER; read++) {
      try {
        // readdir would follow a link that was put in the folder's place since its parent was read.
        const stats = await this.#fileSystem.lstat(folder.path);
        if (!stats.isDirectory()) throw this.#replaced(folder.key);
        const walked = { path: folder.path, shown: this.#root.shown(folder.key.slice(0, -1)) };
        const sameAs = await this.#walked.meet(walked, stats, this.#fileSystem);
        if (sameAs !== null) return sameAs;
      } catch (error) {
        if (saysAbsent(error)) return undefined;
        throw this.#unreadable(folder, error);
      }
      try {
        return await this.#fileSystem.readdir(folder.path);
      } catch (error) {
        // "Absent" may be said of one of its entries: where the file system doesn't tell kinds, Node looks at each.
        // So it is not the folder's end until lstat says so; else it would be listed as empty.
        if (!saysAbsent(error)) throw this.#unreadable(folder, error);
      }
    }
    throw new StoreError(
      'unavailable',
      `The folder ${this.#root.shown(folder.key)} changed each of the ${READS_OF_A_FOLDER} times it was read; ${INCOMPLETE}. Try again later.`,
    );
  }

  #unreadable(folder: Folder, error: unknown): StoreError {
    if (error instanceof StoreError) return error;
    return storeErrorOf(error, `The folder ${this.#root.shown(folder.key)} can't be listed`, INCOMPLETE);
  }

  #replaced(key: string): StoreError {
    return new StoreError(
      'unavailable',
      `${this.#root.shown(key)} was replaced by an entry of another kind while it was listed; ${INCOMPLETE}. Try again.`,
    );
  }
}

function pathOf(folder: Folder, name: string): Buffer {
  const bytes = encodeFileName(name);
  // Impossible: the name was decoded from bytes. Checked, since a wrong path would name another file.
  if (bytes === undefined) throw new Error(`The file name ${JSON.stringify(name)} has no encoding.`);
  return joinPath(folder.path, bytes);
}
