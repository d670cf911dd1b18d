import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '#adapters/local/file-system.ts';
import { type DeletingFileSystem, LocalDeleter } from '#adapters/local/local-deleter.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { keysOf, listAll } from '#test/support/object-store-contract.ts';
import { pathWithName, useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const run = promisify(execFile);

describe('LocalDeleter', () => {
  it('deletes exactly the files asked for, and leaves their folders', async () => {
    // Prepare
    const path = await makeDirectory({ 'job/a': '1', 'job/ab': '2', 'job/b/c': '3', top: '4' });
    const etags = await etagsOf(path);

    // Act
    const outcomes = await new LocalDeleter(path).delete([guard(etags, 'job/b/c'), guard(etags, 'job/a')]);

    // Assess
    expect(outcomes).toEqual([
      { key: 'job/b/c', outcome: 'deleted' },
      { key: 'job/a', outcome: 'deleted' },
    ]);
    expect(await keysOf(new LocalDirectory(path), { prefix: '' })).toEqual(['job/ab', 'top']);
    expect((await readdir(join(path, 'job'))).sort()).toEqual(['ab', 'b']);
  });

  it('counts what is gone already as gone', async () => {
    const path = await makeDirectory({ a: '', 'job/b': '' });
    const etags = await etagsOf(path);
    await rm(join(path, 'a'));
    await rm(join(path, 'job'), { recursive: true });

    const outcomes = await new LocalDeleter(path).delete([guard(etags, 'a'), guard(etags, 'job/b')]);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['gone', 'gone']);
  });

  it('counts as gone what goes between the look and the removal', async () => {
    const path = await makeDirectory({ a: '' });
    const etags = await etagsOf(path);

    const deleter = new LocalDeleter(path, unlinkFailingWith('ENOENT'));

    expect(await deleter.delete([guard(etags, 'a')])).toEqual([{ key: 'a', outcome: 'gone' }]);
  });

  it.each([
    ['written again', (path: string) => writeFile(path, 'longer')],
    ['replaced by a folder', (path: string) => rm(path).then(() => mkdir(path))],
    ['replaced by a link', (path: string) => rm(path).then(() => symlink('other', path))],
  ])('keeps what was %s', async (_how, change) => {
    const path = await makeDirectory({ a: 'x', other: 'y' });
    const etags = await etagsOf(path);
    await change(join(path, 'a'));

    const outcomes = await new LocalDeleter(path).delete([guard(etags, 'a')]);

    expect(outcomes).toEqual([{ key: 'a', outcome: 'changed' }]);
    expect((await readdir(path)).sort()).toEqual(['a', 'other']);
  });

  it('refuses links and pipes, though their ETag is the listed one', async () => {
    // Prepare
    const path = await makeDirectory({ file: '' });
    await symlink('file', join(path, 'link'));
    await run('mkfifo', [join(path, 'pipe')]);
    const etags = await etagsOf(path);

    // Act
    const outcomes = await new LocalDeleter(path).delete([guard(etags, 'link'), guard(etags, 'pipe')]);

    // Assess
    expect(outcomes).toEqual([
      refusal('link', `'${path}/link' is a symbolic link, and only ordinary files are deleted.`),
      refusal('pipe', `'${path}/pipe' is a named pipe, and only ordinary files are deleted.`),
    ]);
    expect((await readdir(path)).sort()).toEqual(['file', 'link', 'pipe']);
  });

  it('refuses a folder', async () => {
    const path = await makeDirectory({ 'job/': '' });
    const stats = await lstat(join(path, 'job'), { bigint: true });
    const etag = [stats.size, stats.mtimeNs, stats.ino].map((number) => number.toString(16)).join('-');

    const outcomes = await new LocalDeleter(path).delete([{ key: 'job', etag }]);

    expect(outcomes).toEqual([refusal('job', `'${path}/job' is a folder, and only ordinary files are deleted.`)]);
    expect(await readdir(path)).toEqual(['job']);
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    '..',
    '../a',
    'job/../a',
    './a',
    'job/./b',
    'job//b',
    'job/',
    'a\0',
    '\ud800',
    '\udcc3\udca9',
  ])('refuses %j, which is no key of a file', async (key) => {
    // Prepare
    const path = await makeDirectory({ 'root/a': '', 'root/job/b': '', 'root/é': '', a: '' });
    const { etag } = guard(await etagsOf(path), 'a');

    // Act
    const outcomes = await new LocalDeleter(join(path, 'root')).delete([{ key, etag }]);

    // Assess
    expect(outcomes).toEqual([refusal(key, `${JSON.stringify(key)} is not the key of a file in a folder.`)]);
    expect(await keysOf(new LocalDirectory(path), { prefix: '' })).toEqual(['a', 'root/a', 'root/job/b', 'root/é']);
  });

  it.each([
    ['out of the root', '../outside'],
    ['to another folder of the root', 'inside'],
  ])('refuses a path through a link %s', async (_where, target) => {
    // Prepare
    const path = await makeDirectory({ 'root/inside/a': '', 'outside/a': '' });
    await symlink(target, join(path, 'root', 'link'));
    const etags = await etagsOf(join(path, 'root', target));

    // Act
    const [outcome] = await new LocalDeleter(join(path, 'root')).delete([
      { key: 'link/a', etag: etags.get('a') ?? '' },
    ]);

    // Assess
    expect(outcome).toMatchObject({ key: 'link/a', outcome: 'refused' });
    expect(outcome).toHaveProperty('why', expect.stringContaining('can be reached only through a symbolic link'));
    expect(await keysOf(new LocalDirectory(path), { prefix: '' })).toEqual(['outside/a', 'root/inside/a', 'root/link']);
  });

  it('deletes a file whose name is no UTF-8, and not the one that looks like it', async () => {
    const path = await makeDirectory({ '\ufffd': '' });
    await writeFile(pathWithName(path, new Uint8Array([0xff])), '');
    const etags = await etagsOf(path);

    const outcomes = await new LocalDeleter(path).delete([guard(etags, '\udcff')]);

    expect(outcomes).toEqual([{ key: '\udcff', outcome: 'deleted' }]);
    expect(await readdir(path)).toEqual(['\ufffd']);
  });

  it('says what the operating system refused, and goes on with the next', async () => {
    const path = await makeDirectory({ a: '', b: '' });
    const etags = await etagsOf(path);

    const outcomes = await new LocalDeleter(path, unlinkFailingWith('EROFS', '/a')).delete([
      guard(etags, 'a'),
      guard(etags, 'b'),
    ]);

    expect(outcomes).toEqual([
      refusal('a', `The operating system did not delete '${path}/a': EROFS.`),
      { key: 'b', outcome: 'deleted' },
    ]);
  });

  it('begins no removal once the signal has fired', async () => {
    // Prepare
    const path = await makeDirectory({ a: '', b: '', c: '' });
    const etags = await etagsOf(path);
    const abort = new AbortController();
    const fileSystem = unlinkFailingWith('none', '/none', () => abort.abort());

    // Act
    const batch = ['a', 'b', 'c'].map((key) => guard(etags, key));
    const outcomes = await new LocalDeleter(path, fileSystem).delete(batch, abort.signal);

    // Assess
    expect(outcomes).toEqual([
      { key: 'a', outcome: 'deleted' },
      refusal('b', 'The run was stopped before this object was deleted.'),
      refusal('c', 'The run was stopped before this object was deleted.'),
    ]);
    expect((await readdir(path)).sort()).toEqual(['b', 'c']);
  });

  it('refuses more than 1,000 keys before it deletes any', async () => {
    const path = await makeDirectory({ a: '' });
    const etags = await etagsOf(path);
    const batch = Array.from({ length: 1_001 }, () => guard(etags, 'a'));

    await expect(new LocalDeleter(path).delete(batch)).rejects.toThrow(RangeError);

    expect(await readdir(path)).toEqual(['a']);
  });

  it('takes 1,000 keys, with one outcome each', async () => {
    const path = await makeDirectory({ a: '' });
    const etags = await etagsOf(path);
    const batch = Array.from({ length: 1_000 }, () => guard(etags, 'a'));

    const outcomes = await new LocalDeleter(path).delete(batch);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['deleted', ...Array.from({ length: 999 }, () => 'gone')]);
  });

  it('fails for a root that does not exist', async () => {
    const deleter = new LocalDeleter('/nowhere/at/all');

    await expect(deleter.delete([{ key: 'a', etag: '' }])).rejects.toMatchObject({ code: 'no-such-place' });
  });

  it('takes nothing for gone where the root has gone meanwhile', async () => {
    const path = await makeDirectory({ 'root/a': '', 'root/b': '' });
    const etags = await etagsOf(join(path, 'root'));
    const leave = () => rename(join(path, 'root'), join(path, 'was'));

    const outcomes = await new LocalDeleter(join(path, 'root'), unlinkFailingWith('none', '/none', leave)).delete([
      guard(etags, 'a'),
      guard(etags, 'b'),
    ]);

    expect(outcomes).toMatchObject([{ outcome: 'deleted' }, { outcome: 'refused' }]);
    expect(await readdir(join(path, 'was'))).toEqual(['b']);
  });
});

async function etagsOf(path: string): Promise<ReadonlyMap<string, string>> {
  const objects = await listAll(new LocalDirectory(path), { prefix: '' });
  return new Map(objects.map(({ key, etag }) => [key, etag]));
}

function guard(etags: ReadonlyMap<string, string>, key: string): { key: string; etag: string } {
  const etag = etags.get(key);
  if (etag === undefined) throw new Error(`The test's tree has no ${key}.`);
  return { key, etag };
}

function refusal(key: string, why: string): object {
  return { key, outcome: 'refused', why };
}

/** Removes as ever, but for paths that end so; `then` comes after each removal. */
function unlinkFailingWith(
  errno: string,
  ending = '',
  then: () => void | Promise<void> = () => {},
): DeletingFileSystem {
  return {
    ...nodeFileSystem,
    unlink: async (path) => {
      if (path.toString().endsWith(ending)) throw Object.assign(new Error(errno), { code: errno });
      await rm(path);
      await then();
    },
  };
}
