import type { Buffer } from 'node:buffer';
import type { FileSystem } from './file-system.ts';

/** What makes two paths one folder, whatever they are called. */
export interface FolderIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

interface Walked {
  readonly path: Buffer;
  /** As people should see it. */
  readonly shown: string;
}

/**
 * The folders of an area that were walked, by device and inode: a bind mount, or one mount under two names, shows a
 * folder and all below it under a second path, and a deletion there is one under both. Only folders are compared,
 * not files: hard-linked backups are copies.
 */
export class WalkedFolders {
  readonly #byIdentity = new Map<string, Walked>();

  /**
   * Notes a folder that is about to be walked.
   *
   * @returns what it is called under another path by which it was walked before and is still to be found; null for any
   *   other. One that was moved, and one whose inode was given to another folder, are no such thing.
   */
  async meet(folder: Walked, identity: FolderIdentity, fileSystem: FileSystem): Promise<string | null> {
    const id = `${identity.dev}:${identity.ino}`;
    const before = this.#byIdentity.get(id);
    // Some file systems know no inodes, and say 0 of all.
    const isOther = before !== undefined && identity.ino !== 0n && !before.path.equals(folder.path);
    if (isOther && (await isStillThere(before.path, identity, fileSystem))) {
      return before.shown;
    }
    this.#byIdentity.set(id, folder);
    return null;
  }
}

async function isStillThere(path: Buffer, { dev, ino }: FolderIdentity, fileSystem: FileSystem): Promise<boolean> {
  try {
    const stats = await fileSystem.lstat(path);
    return stats.isDirectory() && stats.dev === dev && stats.ino === ino;
  } catch {
    // Gone, or out of reach by now. What it was when it was walked is no proof against the folder that is here.
    return false;
  }
}
