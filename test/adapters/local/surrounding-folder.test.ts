import type { Buffer } from 'node:buffer';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileSystem } from '#adapters/local/file-system.ts';
import { nodeFileSystem } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { BoundedFileSystem, folderNamedLike, parentOf } from '#adapters/local/surrounding-folder.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

async function keysIn(path: string, fileSystem: FileSystem): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of new LocalDirectory(path, { fileSystem }).list({ prefix: '' })) {
    keys.push(...page.map(({ key }) => key));
  }
  return keys;
}

describe('The folder around a directory', () => {
  it('is its parent', () => {
    expect(parentOf('/mnt/flink/checkpoints')).toEqual({ path: '/mnt/flink', base: 'mnt/flink/' });
  });

  it.each([
    '/mnt',
    join(homedir(), 'flink'),
    join(tmpdir(), 'flink'),
    ['', 'home', 'somebody', 'flink'].join('/'),
    '/home/somebody',
    '/tmp/x',
  ])('is none where that is everybody’s: of %s', (path) => {
    expect(parentOf(path)).toBeNull();
  });

  it.each([
    ['/mnt/copy/flink/checkpoints', 'flink/checkpoints', { path: '/mnt/copy', base: '' }],
    ['/mnt/copy/checkpoints', 'flink/checkpoints', { path: '/mnt/copy', base: 'flink/' }],
    ['/mnt/copy', 'flink/checkpoints', null],
    ['/mnt/copy', '', null],
    ['/flink/checkpoints', 'flink/checkpoints', { path: '/flink', base: 'flink/' }],
  ])('of a mount %s of the prefix %s is as far up as the names agree', (path, key, folder) => {
    expect(folderNamedLike(path, key)).toEqual(folder);
  });
});

describe('What is searched around a directory', () => {
  it('ends after so many entries, and says so', async () => {
    const path = await makeDirectory({ 'a/1': '', 'a/2': '', 'b/3': '', 'c/4': '' });
    const bounded = new BoundedFileSystem(path, nodeFileSystem, 5);

    expect(await keysIn(path, bounded)).toEqual(['a/1', 'a/2']);
    expect(bounded.leftOut).toEqual([expect.stringContaining(`${path} has more than 5 entries`)]);
  });

  it('leaves out other devices and what may not be read', async () => {
    const path = await makeDirectory({ 'a/1': '', 'b/2': '', 'c/3': '' });
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      lstat: async (at: Buffer) => {
        const stats = await nodeFileSystem.lstat(at);
        return at.toString().endsWith('/a') ? Object.assign(stats, { dev: stats.dev + 1n }) : stats;
      },
      readdir: async (at: Buffer) => {
        if (at.toString().endsWith('/b')) throw Object.assign(new Error('no'), { code: 'EACCES' });
        return await nodeFileSystem.readdir(at);
      },
    };
    const bounded = new BoundedFileSystem(path, fileSystem);

    expect(await keysIn(path, bounded)).toEqual(['c/3']);
    expect(bounded.leftOut).toEqual([
      expect.stringContaining(`${path}/a is another file system`),
      expect.stringContaining(`${path}/b can't be read by this user`),
    ]);
  });
});
