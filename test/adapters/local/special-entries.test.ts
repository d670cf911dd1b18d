import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import type { SpecialEntry } from '#ports/object-store.ts';
import { childrenOf, keysOf, listAll } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const run = promisify(execFile);

describe('special entries of a local directory', () => {
  it.each([
    ['link', 'file', "a symbolic link to 'file'", false],
    ['_metadata', 'file', "a symbolic link to 'file'", true],
    ['link', 'nothing', "a symbolic link to 'nothing'", true],
    ['_metadata', 'nothing', "a symbolic link to 'nothing'", true],
    ['link', 'link', "a symbolic link to 'link'", false],
    ['link', 'file/below', "a symbolic link to 'file/below'", false],
    ['link', 'folder', "a symbolic link to 'folder'", false],
    ['link', '.', "a symbolic link to '.'", false],
    ['link', '..', "a symbolic link to '..'", true],
    ['link', '../outside', "a symbolic link to '../outside'", true],
    ['link', '../rootlike', "a symbolic link to '../rootlike'", true],
    ['link', '../outside/file', "a symbolic link to '../outside/file'", false],
    ['_metadata', 'folder', "a symbolic link to 'folder'", false],
    ['_metadata', '../outside', "a symbolic link to '../outside'", true],
  ])('the link %s -> %s is %s, which may hide roots: %s', async (name, target, what, mayHideRoots) => {
    // Prepare
    const path = await makeDirectory({
      'root/file': 'xyz',
      'root/folder/file': 'xyz',
      'outside/file': 'xyz',
      'rootlike/file': '',
    });
    await symlink(target, join(path, 'root', name));

    // Act
    const special = await specialsOf(join(path, 'root'));

    // Assess
    expect(special).toEqual({ [name]: { what, mayHideRoots } });
  });

  it('a chain of links counts as what it leads to in the end', async () => {
    const path = await makeDirectory({ 'root/a': '', 'outside/_metadata': '' });
    await symlink('../outside', join(path, 'root', 'first'));
    await symlink('first', join(path, 'root', 'second'));

    expect(await specialsOf(join(path, 'root'))).toEqual({
      first: { what: "a symbolic link to '../outside'", mayHideRoots: true },
      second: { what: "a symbolic link to 'first'", mayHideRoots: true },
    });
  });

  it('a link whose target may not be looked at may hide roots', async () => {
    const path = await makeDirectory();
    await symlink('/elsewhere', join(path, 'link'));
    const stat = async () => Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }));

    const objects = await listAll(new LocalDirectory(path, { fileSystem: { ...nodeFileSystem, stat } }), {
      prefix: '',
    });

    expect(objects[0]?.special).toEqual({ what: "a symbolic link to '/elsewhere'", mayHideRoots: true });
  });

  it('pipes, sockets and links have no bytes, and hide a root only by its name', async () => {
    // Prepare
    const path = await makeDirectory({ 'job/a': '' });
    await run('mkfifo', [join(path, 'pipe'), join(path, 'job', '_metadata')]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(path, 'socket'), resolve));
    await symlink('/dev/null', join(path, 'device'));

    // Act
    const objects = await listAll(new LocalDirectory(path), { prefix: '' }).finally(() => server.close());

    // Assess
    expect(objects.map(({ key, bytes, special }) => ({ key, bytes, special }))).toEqual([
      { key: 'device', bytes: 0, special: { what: "a symbolic link to '/dev/null'", mayHideRoots: false } },
      { key: 'job/_metadata', bytes: 0, special: { what: 'a named pipe', mayHideRoots: true } },
      { key: 'job/a', bytes: 0, special: undefined },
      { key: 'pipe', bytes: 0, special: { what: 'a named pipe', mayHideRoots: false } },
      { key: 'socket', bytes: 0, special: { what: 'a socket', mayHideRoots: false } },
    ]);
  });

  it('devices are special', async () => {
    const objects = await listAll(new LocalDirectory('/dev'), { prefix: 'null' });

    expect(objects).toMatchObject([{ key: 'null', bytes: 0, special: { what: 'a device', mayHideRoots: false } }]);
  });

  it('links are objects among the children, never folders', async () => {
    const path = await makeDirectory({ 'folder/a': '' });
    await symlink('folder', join(path, 'link'));

    const { folders, objects } = await childrenOf(new LocalDirectory(path), '');

    expect(folders).toEqual(['folder/']);
    expect(objects.map((object) => object.key)).toEqual(['link']);
  });

  it.each(['pipe', 'link', 'broken'])('the %s is never opened', async (key) => {
    const path = await makeDirectory({ file: '' });
    await run('mkfifo', [join(path, 'pipe')]);
    await symlink('file', join(path, 'link'));
    await symlink('nothing', join(path, 'broken'));
    const open = async () => Promise.reject(new Error('It was opened.'));

    const store = new LocalDirectory(path, { fileSystem: { ...nodeFileSystem, open } });

    await expect(store.read(key)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.read(key)).rejects.toThrow('The steward never opens it');
  });

  it('a pipe that takes the place of a file after the look does not make the reader wait', async () => {
    const path = await makeDirectory({ file: '' });
    await run('mkfifo', [join(path, 'pipe')]);
    const lstat: typeof nodeFileSystem.lstat = (file) =>
      nodeFileSystem.lstat(file.toString().endsWith('/pipe') ? Buffer.from(join(path, 'file')) : file);

    const store = new LocalDirectory(path, { fileSystem: { ...nodeFileSystem, lstat } });

    await expect(store.read('pipe')).rejects.toThrow("/pipe' is a named pipe, not an ordinary file");
  });

  it('nothing is listed or read through a link to a folder, and the refusal says what to do', async () => {
    const path = await makeDirectory({ 'folder/a': '' });
    await symlink('folder', join(path, 'link'));
    const store = new LocalDirectory(path);
    const refusal = `'${path}/link/' can be reached only through a symbolic link or under another spelling`;

    await expect(keysOf(store, { prefix: 'link/' })).rejects.toThrow(refusal);
    await expect(childrenOf(store, 'link/')).rejects.toThrow(refusal);
    await expect(store.read('link/a')).rejects.toThrow(refusal);
  });
});

async function specialsOf(path: string): Promise<Record<string, SpecialEntry>> {
  const objects = await listAll(new LocalDirectory(path), { prefix: '' });
  return Object.fromEntries(objects.flatMap(({ key, special }) => (special ? [[key, special]] : [])));
}
