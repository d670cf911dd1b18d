import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { saysAbsent, storeErrorOf } from './failures.ts';
import { writeErrorOf } from './temporary-file.ts';

/**
 * Files that one process writes for itself and that nobody needs after it: written as a whole or not at all, and not
 * before they are needed made to survive a loss of power.
 */
export class ScratchFiles implements Pick<LedgerStore, 'name' | 'readFile' | 'writeFile'> {
  readonly name: string;

  /** @param name of a folder that exists. */
  constructor(name: string) {
    this.name = name;
  }

  /** @throws StoreError */
  async readFile(path: string): Promise<AsyncIterable<Uint8Array> | null> {
    try {
      const file = await open(join(this.name, path));
      return file.createReadStream();
    } catch (error) {
      if (saysAbsent(error)) return null;
      throw storeErrorOf(error, `${join(this.name, path)} can't be read`, 'its contents are unknown');
    }
  }

  /** @throws StoreError */
  async writeFile(path: string, content: Uint8Array): Promise<void> {
    const file = join(this.name, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, content);
      await rename(`${file}.new`, file);
    } catch (error) {
      throw writeErrorOf(error, `${file} can't be written`, 'nothing was decided');
    }
  }
}
