import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errnoOf, saysAbsent, shown, storeErrorOf } from '#adapters/local/failures.ts';
import { folderOfPrefix } from '#adapters/local/key-range.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { joinPath } from '#adapters/local/root-folder.ts';
import {
  nodeWritingFileSystem,
  TemporaryFile,
  type WritingFileSystem,
  writeErrorOf,
} from '#adapters/local/temporary-file.ts';
import type { LedgerDocument, LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import { KEPT_GENERATIONS, nameOfGeneration, namesIn, newestOf, temporaryName, tidy } from './generations.ts';
import { DOCUMENT_MARK, isLedgerPath, requireLedgerFolder, requireLedgerPath } from './ledger-path.ts';

const READS_OF_A_DOCUMENT = 5;
const UNKNOWN = 'its contents are unknown';
const NOTHING_WRITTEN = 'nothing was written';
const PERHAPS_WRITTEN = 'it is unknown whether it was written, so read it again';

/**
 * A ledger in a local folder, for any number of processes at once. The folder comes into being with the first write.
 *
 * A document is a folder of generations: `pause.json@/000000000007`. Whoever writes links a finished file to the name
 * after the newest one, which exactly one writer can do, and readers take the newest: a process that is killed at any
 * point leaves the old state or the new one. Files are replaced by renaming. Both need a local disk, or a network file
 * system that all processes see alike.
 */
export class LedgerFolder implements LedgerStore {
  readonly #fileSystem: WritingFileSystem;
  readonly #root: Buffer;
  readonly #files: LocalDirectory;
  /** Folders of files that this process has tidied. */
  readonly #tidied = new Set<string>();
  #seen: { readonly dev: bigint; readonly ino: bigint } | undefined;

  /** @param fileSystem for tests. @default the operating system's */
  constructor(
    readonly name: string,
    fileSystem: WritingFileSystem = nodeWritingFileSystem,
  ) {
    this.#fileSystem = fileSystem;
    this.#root = Buffer.from(resolve(name));
    this.#files = new LocalDirectory(name, { fileSystem });
  }

  async readDocument(path: string): Promise<LedgerDocument | null> {
    requireLedgerPath(path);
    return (await this.#isThere()) ? ((await this.#newest(path))?.document ?? null) : null;
  }

  async writeDocument(path: string, text: string, tag: string | null): Promise<string | null> {
    requireLedgerPath(path);
    const folder = this.#pathOf(`${path}${DOCUMENT_MARK}`);
    const file = await this.#temporary(path, folder, Buffer.from(text));
    try {
      // Only now: `tidy` relies on the temporary file being older than what follows the newest generation.
      const newest = await this.#newest(path);
      if ((newest?.document.tag ?? null) !== tag) return null;
      const generation = (newest?.generation ?? 0) + 1;
      const named = joinPath(folder, nameOfGeneration(generation));
      if (!(await this.#link(path, file, named))) return null;
      await this.#lookAgain(path, folder, generation);
      return tagOf(generation, text);
    } finally {
      await file.dispose();
    }
  }

  async readFile(path: string): Promise<AsyncIterable<Uint8Array> | null> {
    requireLedgerPath(path);
    if (!(await this.#isThere())) return null;
    const file = await this.#files.read(path);
    return file.found ? file.chunks : null;
  }

  async writeFile(path: string, content: Uint8Array): Promise<void> {
    requireLedgerPath(path);
    const below = folderOfPrefix(path);
    const folder = below === '' ? this.#root : this.#pathOf(below.slice(0, -1));
    const file = await this.#temporary(path, folder, content);
    try {
      await this.#attempt(path, PERHAPS_WRITTEN, () => file.renameTo(this.#pathOf(path)));
    } finally {
      await file.dispose();
    }
    if (this.#tidied.has(below)) return;
    this.#tidied.add(below);
    await tidy(this.#fileSystem, folder, await this.#names(path, folder), file.stats.ctimeNs);
  }

  async *listFiles(folder: string): AsyncGenerator<string, void, undefined> {
    requireLedgerFolder(folder);
    if (!(await this.#isThere())) return;
    for await (const page of this.#files.list({ prefix: folder })) {
      for (const { key } of page) if (isLedgerPath(key)) yield key;
    }
  }

  /** @returns false where somebody else was first. */
  async #link(path: string, file: TemporaryFile, named: Buffer): Promise<boolean> {
    return await this.#attempt(path, PERHAPS_WRITTEN, async () => {
      try {
        return await file.linkTo(named);
      } catch (error) {
        if (!saysAbsent(error)) throw error;
        // Whoever wrote meanwhile has tidied this writer's file away, which had stood still for an hour.
        await this.#isThere();
        return false;
      }
    });
  }

  /**
   * Should the file system's clock have been set back, `tidy` may have deleted the generation that this one seems
   * to follow: then far newer ones are there, and nobody will read this one.
   */
  async #lookAgain(path: string, folder: Buffer, generation: number): Promise<void> {
    const names = await this.#names(path, folder);
    if (newestOf(names) >= generation + KEPT_GENERATIONS) {
      throw new StoreError(
        'unavailable',
        `${this.#shown(path)} was changed by others many times while this process was suspended; ${PERHAPS_WRITTEN}.`,
      );
    }
    const named = joinPath(folder, nameOfGeneration(generation));
    const linked = await this.#attempt(path, PERHAPS_WRITTEN, () => this.#fileSystem.lstat(named));
    await tidy(this.#fileSystem, folder, names, linked.ctimeNs);
  }

  async #newest(path: string): Promise<{ generation: number; document: LedgerDocument } | null> {
    const folder = this.#pathOf(`${path}${DOCUMENT_MARK}`);
    for (let read = 0; read < READS_OF_A_DOCUMENT; read++) {
      const generation = newestOf(await this.#names(path, folder));
      if (generation === 0) return null;
      try {
        const content = await this.#contentOf(joinPath(folder, nameOfGeneration(generation)));
        const text = content.toString('utf8');
        return { generation, document: { text, tag: tagOf(generation, text) } };
      } catch (error) {
        // Superseded and removed since the look at the names, which takes an hour at least.
        if (!saysAbsent(error)) throw storeErrorOf(error, `${this.#shown(path)} can't be read`, UNKNOWN);
      }
    }
    throw new StoreError('unavailable', `${this.#shown(path)} vanished each time it was read; ${UNKNOWN}. Try again.`);
  }

  async #contentOf(path: Buffer): Promise<Buffer> {
    const file = await this.#fileSystem.open(path, constants.O_RDONLY);
    try {
      const content = Buffer.alloc(Number((await file.stat()).size));
      let at = 0;
      while (at < content.length) {
        const { bytesRead } = await file.read(content, at, content.length - at, at);
        if (bytesRead === 0) throw new Error(`it ended after ${at} of ${content.length} bytes`);
        at += bytesRead;
      }
      return content;
    } finally {
      await file.close();
    }
  }

  async #names(path: string, folder: Buffer): Promise<readonly string[]> {
    try {
      return await namesIn(this.#fileSystem, folder);
    } catch (error) {
      if (saysAbsent(error)) {
        // Nothing is absent where the whole ledger has gone.
        await this.#isThere();
        return [];
      }
      throw storeErrorOf(error, `${this.#shown(path)} can't be read`, UNKNOWN);
    }
  }

  async #temporary(path: string, folder: Buffer, content: Uint8Array): Promise<TemporaryFile> {
    await this.#isThere();
    return await this.#attempt(path, NOTHING_WRITTEN, async () => {
      await this.#makeFolder(folder);
      await this.#isThere();
      return await TemporaryFile.write(this.#fileSystem, folder, temporaryName(), content);
    });
  }

  /** Each folder's name is on the disk before anything is written into it. */
  async #makeFolder(folder: Buffer, isFirst = true): Promise<void> {
    const parent = Buffer.from(dirname(folder.toString()));
    try {
      await this.#fileSystem.mkdir(folder);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return;
      if (errnoOf(error) !== 'ENOENT' || !isFirst) throw error;
      await this.#makeFolder(parent);
      await this.#makeFolder(folder, false);
      return;
    }
    await this.#fileSystem.syncFolder(parent);
  }

  /**
   * Whether the ledger's folder is there. One that has been seen and is gone, or is another one now, may be a mount
   * that has gone: the pins of the ledger must not look as if there were none.
   *
   * @throws StoreError
   */
  async #isThere(): Promise<boolean> {
    const place = `The folder ${shown(this.name)} of the ledger`;
    let found: { readonly dev: bigint; readonly ino: bigint; isDirectory(): boolean } | undefined;
    try {
      found = await this.#fileSystem.stat(this.#root);
    } catch (error) {
      if (!saysAbsent(error)) throw storeErrorOf(error, `${place} can't be reached`, 'its contents are unknown');
    }
    if (found === undefined && this.#seen === undefined) return false;
    if (found === undefined) {
      throw new StoreError(
        'unavailable',
        `${place} no longer exists, although it did when this run began; its contents are unknown. Put the folder back, then run again.`,
      );
    }
    if (!found.isDirectory()) {
      throw new StoreError(
        'no-such-place',
        `${place} is not a folder. Use the path of a folder, or a path that does not exist yet.`,
      );
    }
    this.#seen ??= { dev: found.dev, ino: found.ino };
    if (this.#seen.dev === found.dev && this.#seen.ino === found.ino) return true;
    throw new StoreError(
      'unavailable',
      `${place} was replaced after this run began; its contents are unknown. Put the first folder back, then run again.`,
    );
  }

  async #attempt<T>(path: string, follows: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw writeErrorOf(error, `${this.#shown(path)} can't be written`, follows);
    }
  }

  #pathOf(path: string): Buffer {
    return joinPath(this.#root, Buffer.from(path));
  }

  #shown(path: string): string {
    return `${shown(path)} of the ledger ${shown(this.name)}`;
  }
}

function tagOf(generation: number, text: string): string {
  return `${nameOfGeneration(generation)}-${createHash('sha256').update(text).digest('hex')}`;
}
