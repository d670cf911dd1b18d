import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { nodeWritingFileSystem, type WritingFileSystem } from '#adapters/local/temporary-file.ts';

/**
 * The file system of this machine with another clock: a file's ctime is that of its last change of content or name.
 * It waits for no disk.
 */
export interface FakeCtimes extends WritingFileSystem {
  /** The file system's time in milliseconds since its beginning. */
  now: number;
}

export function fakeCtimes(): FakeCtimes {
  const changed = new Map<bigint, bigint>();
  const touch = (ino: bigint) => changed.set(ino, BigInt(fileSystem.now) * 1_000_000n);
  const dated = (stats: BigIntStats): BigIntStats => {
    const ctimeNs = changed.get(stats.ino);
    return ctimeNs === undefined ? stats : Object.assign(Object.create(stats), { ctimeNs });
  };
  const inode = async (path: Buffer) => (await lstat(path, { bigint: true })).ino;
  const fileSystem: FakeCtimes = {
    ...nodeWritingFileSystem,
    now: 0,
    create: async (path) => {
      const file = await nodeWritingFileSystem.create(path);
      touch(await inode(path));
      return { ...file, sync: async () => {}, stat: async () => dated(await file.stat()) };
    },
    syncFolder: async () => {},
    link: async (from, to) => {
      await nodeWritingFileSystem.link(from, to);
      touch(await inode(to));
    },
    unlink: async (path) => {
      touch(await inode(path));
      await nodeWritingFileSystem.unlink(path);
    },
    lstat: async (path) => dated(await nodeWritingFileSystem.lstat(path)),
  };
  return fileSystem;
}
