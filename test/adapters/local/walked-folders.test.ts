import { Buffer } from 'node:buffer';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSystem, nodeFileSystem } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { WalkedFolders } from '#adapters/local/walked-folders.ts';
import { refuseOneDirectory } from '#steward/open-area.ts';
import { childrenOf, keysOf, listAll } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

/** Shows the folder `from` at `to` too, as a bind mount does; that takes a superuser. */
function bindMount(from: string, to: string): FileSystem {
  const behind = (path: Buffer): Buffer => {
    const text = path.toString();
    return text === to || text.startsWith(`${to}/`) ? Buffer.from(from + text.slice(to.length)) : path;
  };
  return {
    ...nodeFileSystem,
    realpath: (path) => (behind(path) === path ? nodeFileSystem.realpath(path) : Promise.resolve(path)),
    readdir: (path) => nodeFileSystem.readdir(behind(path)),
    lstat: (path) => nodeFileSystem.lstat(behind(path)),
    stat: (path) => nodeFileSystem.stat(behind(path)),
  };
}

const FILES = { 'area/teamB/job/shared/a': 'x', 'area/view-2/b': 'y', 'area/view/z': '' };

describe('a folder that is found under a second path', () => {
  it('is shown as one entry in its place in the order, and not walked again', async () => {
    const path = join(await makeDirectory(FILES), 'area');
    const fileSystem = bindMount(join(path, 'teamB'), join(path, 'view'));
    const directory = new LocalDirectory(path, { fileSystem });

    const objects = await listAll(directory, { prefix: '' });
    const again = await listAll(directory, { prefix: '' });

    expect(objects.map(({ key, bytes }) => [key, bytes])).toEqual([
      ['teamB/job/shared/a', 1],
      ['view-2/b', 1],
      ['view/', 0],
    ]);
    expect(objects[2]?.special).toEqual({
      what: `the same directory as '${path}/teamB'`,
      mayHideRoots: false,
      secondPath: { here: `'${path}/view'`, there: `'${path}/teamB'` },
    });
    expect(again).toEqual(objects);
    expect(await keysOf(directory, { prefix: 'view/' })).toEqual([]);
    expect((await childrenOf(directory, 'view/')).folders).toEqual([]);
  });

  it('is found where only a part of it is mounted elsewhere', async () => {
    const path = join(await makeDirectory(FILES), 'area');
    const fileSystem = bindMount(join(path, 'teamB', 'job'), join(path, 'view'));

    const objects = await listAll(new LocalDirectory(path, { fileSystem }), { prefix: '' });

    expect(objects.find(({ key }) => key === 'view/')?.special?.secondPath?.there).toBe(`'${path}/teamB/job'`);
  });

  it('is found among the directories of an area, whichever is walked first', async () => {
    const path = await makeDirectory(FILES);
    const [area, mounted] = [join(path, 'area'), join(path, 'mnt')];
    const fileSystem = bindMount(join(area, 'teamB'), mounted);
    const walked = new WalkedFolders();
    await refuseOneDirectory([area, mounted], walked, fileSystem);

    const outer = await listAll(new LocalDirectory(area, { fileSystem, walked }), { prefix: '' });
    const inner = await listAll(new LocalDirectory(mounted, { fileSystem, walked }), { prefix: '' });

    expect(outer.find(({ key }) => key === 'teamB/')?.special?.secondPath).toEqual({
      here: `'${area}/teamB'`,
      there: mounted,
    });
    expect(inner.map(({ key }) => key)).toEqual(['job/shared/a']);
  });

  it('is refused where it is two locations as a whole', async () => {
    const path = join(await makeDirectory(FILES), 'area');
    const fileSystem = bindMount(path, '/mnt/twin');

    await expect(refuseOneDirectory([path, '/mnt/twin'], new WalkedFolders(), fileSystem)).rejects.toThrow(
      `/mnt/twin and ${path} are one directory (a bind mount, or one mount under two names), so its objects would be judged twice, and are garbage under one of the two names. Name one of them only.`,
    );
    await refuseOneDirectory([path, join(path, 'view'), join(path, 'none')], new WalkedFolders());
  });
});

describe('a folder that is no second one', () => {
  it('may have been moved while the place was read', async () => {
    const path = join(await makeDirectory(FILES), 'area');
    const directory = new LocalDirectory(path);
    await listAll(directory, { prefix: '' });
    await rename(join(path, 'teamB'), join(path, 'zeta'));

    expect(await keysOf(directory, { prefix: '' })).toEqual(['view-2/b', 'view/z', 'zeta/job/shared/a']);
  });

  it('may have the inode of one that has gone, or that is another by now', async () => {
    const walked = new WalkedFolders();
    const path = await makeDirectory({ 'a/x': '', b: 'a file' });
    const identity = await nodeFileSystem.lstat(Buffer.from(join(path, 'a')));
    const at = (name: string) => ({ path: Buffer.from(join(path, name)), shown: name });

    for (const name of ['gone', 'b', '.', 'a']) {
      expect(await walked.meet(at(name), identity, nodeFileSystem)).toBeNull();
    }
    expect(await walked.meet(at('c'), identity, nodeFileSystem)).toBe('a');
  });

  it('may lie on a file system that knows no inodes', async () => {
    const walked = new WalkedFolders();
    const path = await makeDirectory({ 'a/x': '' });
    const stats = await nodeFileSystem.lstat(Buffer.from(join(path, 'a')));
    const nameless = Object.assign(Object.create(stats), { ino: 0n });
    const fileSystem = { ...nodeFileSystem, lstat: async () => nameless };

    for (const name of ['a', 'b']) {
      expect(await walked.meet({ path: Buffer.from(name), shown: name }, nameless, fileSystem)).toBeNull();
    }
  });
});
