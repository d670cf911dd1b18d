import { type BigIntStats, constants } from 'node:fs';
import {
  type Children,
  type KeyRange,
  type ListedObject,
  type ListOptions,
  type ObjectStore,
  type ReadOptions,
  type ReadOutcome,
  StoreError,
} from '#ports/object-store.ts';
import { saysAbsent, storeErrorOf } from './failures.ts';
import { FileChunks } from './file-chunks.ts';
import { type FileSystem, nodeFileSystem, type OpenFile } from './file-system.ts';
import { type Entry, type Folder, type FolderContent, FolderReader } from './folder-reader.ts';
import { folderOfPrefix, isInRange, mayMeetRange } from './key-range.ts';
import { etagOf, kindOf, modifiedOf } from './listed-file.ts';
import { joinPath, pathOfKey, RootFolder } from './root-folder.ts';
import { WalkedFolders } from './walked-folders.ts';

const OBJECTS_PER_PAGE = 1_000;

export interface LocalDirectoryOptions {
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** @default the operating system's */
  readonly fileSystem?: FileSystem;
  /** The folders of all directories that must have no folder in common. @default those of this one */
  readonly walked?: WalkedFolders;
}

/**
 * A folder as a store of objects: a copy of a bucket, or a mount that Flink writes to.
 *
 * A listing is no snapshot, as it is none in S3: what appears or vanishes meanwhile may be in it or not. Symbolic
 * links below the folder are shown and never followed, nor is a folder that was walked under another path. A folder without files is a child of its parent, though a
 * bucket has no such thing.
 *
 * An aborted call rejects with the signal's reason.
 */
export class LocalDirectory implements ObjectStore {
  readonly name: string;
  readonly #now: () => number;
  readonly #fileSystem: FileSystem;
  readonly #root: RootFolder;
  readonly #reader: FolderReader;

  constructor(path: string, options: LocalDirectoryOptions = {}) {
    this.name = path;
    this.#now = options.now ?? Date.now;
    this.#fileSystem = options.fileSystem ?? nodeFileSystem;
    this.#root = new RootFolder(path, this.#fileSystem);
    this.#reader = new FolderReader(this.#root, this.#fileSystem, options.walked ?? new WalkedFolders());
  }

  async now(): Promise<number> {
    return this.#now();
  }

  /** Holds the names of one folder per level, and one page of objects. */
  async *list(range: KeyRange, { signal }: ListOptions = {}): AsyncGenerator<readonly ListedObject[], void, undefined> {
    let batch: Entry[] = [];
    for await (const entry of this.#walk(range, signal)) {
      batch.push(entry);
      if (batch.length < OBJECTS_PER_PAGE) continue;
      const page = await this.#reader.look(batch);
      if (page.length > 0) yield page;
      batch = [];
    }
    const rest = await this.#reader.look(batch);
    if (rest.length > 0) yield rest;
    await this.#assertStillThere(signal);
  }

  async *children(prefix: string, { signal }: ListOptions = {}): AsyncGenerator<Children, void, undefined> {
    assertFolderPrefix(prefix);
    signal?.throwIfAborted();
    const path = await this.#root.findFolder(prefix);
    const folder = path && { key: prefix, path };
    const names = (folder && (await this.#reader.content(folder, () => true)))?.names ?? [];
    for (let at = 0; folder !== undefined && at < names.length; at += OBJECTS_PER_PAGE) {
      signal?.throwIfAborted();
      const page = names.slice(at, at + OBJECTS_PER_PAGE);
      const files = page.filter((name) => !name.endsWith('/'));
      yield {
        folders: page.filter((name) => name.endsWith('/')).map((name) => prefix + name),
        objects: await this.#reader.look(files.map((name) => ({ folder, name }))),
      };
    }
    await this.#assertStillThere(signal);
  }

  /**
   * One file, which stays open until its chunks have been read to the end or their iterator was told to return.
   *
   * A part that lies beyond the file's end has no bytes. A folder is no object; a link, pipe or device is one that
   * can't be read, and is never opened.
   *
   * @throws RangeError for a part that no file can have.
   */
  async read(key: string, options: ReadOptions = {}): Promise<ReadOutcome> {
    const { from = 0, to, signal } = options;
    assertPart(from, to);
    signal?.throwIfAborted();
    const opened = await this.#open(key);
    if (opened === undefined) {
      // Where the place itself has gone, nothing is known of its objects.
      await this.#root.enter();
      return { found: false };
    }
    const { file, stats } = opened;
    const bytes = Number(stats.size);
    const etag = etagOf(stats);
    const end = to === undefined ? bytes : Math.min(bytes, to + 1);
    const chunks = new FileChunks({ file, name: this.#root.shown(key), etag, from, end, signal });
    return { found: true, etag, bytes, modified: modifiedOf(stats), chunks };
  }

  /** The keys' names in order, folder by folder. */
  async *#walk(range: KeyRange, signal: AbortSignal | undefined): AsyncGenerator<Entry, void, undefined> {
    signal?.throwIfAborted();
    const start = folderOfPrefix(range.prefix);
    const path = await this.#root.findFolder(start);
    const levels = path === undefined ? [] : [await this.#level({ key: start, path }, range)];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.names[level.next++];
      if (name === undefined) {
        levels.pop();
      } else if (name.endsWith('/')) {
        signal?.throwIfAborted();
        const below = await this.#level(this.#reader.open(level.folder, name), range);
        levels.push(below);
        if (below.sameAs !== null) yield { folder: level.folder, name, sameAs: below.sameAs };
      } else {
        yield { folder: level.folder, name };
        signal?.throwIfAborted();
      }
    }
  }

  async #level(folder: Folder, range: KeyRange): Promise<Level> {
    const wanted = (key: string) => (key.endsWith('/') ? mayMeetRange(key, range) : isInRange(key, range));
    const { names = [], sameAs = null } = (await this.#reader.content(folder, wanted)) ?? {};
    return { folder, names, sameAs, next: 0 };
  }

  /** Folders that vanish are left out of a listing; if all did so because the place went, it must fail instead. */
  async #assertStillThere(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    await this.#root.enter();
  }

  async #open(key: string): Promise<{ readonly file: OpenFile; readonly stats: BigIntStats } | undefined> {
    const name = pathOfKey(key.slice(key.lastIndexOf('/') + 1));
    const folder = name && (await this.#root.findFolder(folderOfPrefix(key)));
    if (folder === undefined || name === undefined) return undefined;
    const path = joinPath(folder, name);
    let file: OpenFile | undefined;
    try {
      // Looked at before it is opened: to open a device can set it off. A link or pipe that takes the file's place
      // between the two is refused by the flags, anything else by the second look.
      const before = await this.#fileSystem.lstat(path);
      if (before.isDirectory()) return undefined;
      this.#assertFile(key, before);
      file = await this.#fileSystem.open(path, OPEN_FLAGS);
      const stats = await file.stat();
      this.#assertFile(key, stats);
      return { file, stats };
    } catch (error) {
      await file?.close();
      if (error instanceof StoreError) throw error;
      if (saysAbsent(error)) return undefined;
      throw storeErrorOf(error, `${this.#root.shown(key)} can't be opened`, 'its contents are unknown');
    }
  }

  #assertFile(key: string, stats: BigIntStats): void {
    if (stats.isFile()) return;
    throw new StoreError(
      'unavailable',
      `${this.#root.shown(key)} is ${kindOf(stats)}, not an ordinary file. The steward never opens it, so its contents ` +
        'are unknown. Replace it with a file, or remove it.',
    );
  }
}

interface Level extends FolderContent {
  readonly folder: Folder;
  next: number;
}

/** Without O_NONBLOCK, opening a pipe waits for its writer, for ever. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function assertFolderPrefix(prefix: string): void {
  if (prefix === '' || prefix.endsWith('/')) return;
  throw new RangeError(`The prefix of children must be empty or end in '/'; it is '${prefix}'.`);
}

function assertPart(from: number, to: number | undefined): void {
  const last = to ?? Number.MAX_SAFE_INTEGER;
  if (Number.isSafeInteger(from) && Number.isSafeInteger(last) && from >= 0 && last >= from) return;
  throw new RangeError(
    `Bytes ${from} to ${to} are not a range of an object: both count from 0, and 'to' is inclusive.`,
  );
}
