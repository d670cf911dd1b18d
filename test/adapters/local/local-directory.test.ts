import { chmod, link, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSystem, nodeFileSystem } from '#adapters/local/file-system.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import type { KeyRange } from '#ports/object-store.ts';
import { childrenOf, failureOf, keysOf, listAll, textOf } from '#test/support/object-store-contract.ts';
import { pathWithName, useTempDirectories, writeTree } from '#test/support/temp-directory.ts';
import { asUnprivilegedUser } from '#test/support/unprivileged-user.ts';

const makeDirectory = useTempDirectories();

describe('LocalDirectory', () => {
  it('is known by the path that was given, and tells the time of the clock it was given', async () => {
    const store = new LocalDirectory('./copy of a bucket', { now: () => 1_700_000_000_123 });

    expect(store.name).toBe('./copy of a bucket');
    expect(await store.now()).toBe(1_700_000_000_123);
  });

  it('tells the time of the machine where no clock was given', async () => {
    const before = Date.now();

    const now = await new LocalDirectory('.').now();

    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('gives the mtime in whole milliseconds, in listings and reads', async () => {
    const path = await makeDirectory({ a: { content: 'x', modified: 1_699_999_999_999 } });
    const store = new LocalDirectory(path);

    const [listed] = await listAll(store, { prefix: '' });
    const read = await store.read('a');
    await textOf(read);

    expect(listed?.modified).toBe(1_699_999_999_999);
    expect(read).toMatchObject({ modified: 1_699_999_999_999 });
  });

  it('gives another ETag to a file of the same size and time that took the place of the first', async () => {
    // Prepare
    const path = await makeDirectory({
      a: { content: 'one', modified: 1_700_000_000_000 },
      b: { content: 'two', modified: 1_700_000_000_000 },
    });
    const store = new LocalDirectory(path);
    const [a, b] = await listAll(store, { prefix: '' });

    // Act
    await rename(join(path, 'b'), join(path, 'a'));
    const [replaced] = await listAll(store, { prefix: '' });

    // Assess
    expect(replaced?.etag).toBe(b?.etag);
    expect(replaced?.etag).not.toBe(a?.etag);
  });

  it('gives another ETag to a file that was written again with the same size', async () => {
    const path = await makeDirectory({ a: { content: 'one', modified: 1_700_000_000_000 } });
    const store = new LocalDirectory(path);
    const [before] = await listAll(store, { prefix: '' });

    await writeFile(join(path, 'a'), 'two');
    await utimes(join(path, 'a'), 1_700_000_000, 1_700_000_000.001);

    const [after] = await listAll(store, { prefix: '' });
    expect(after?.etag).not.toBe(before?.etag);
  });

  it('shows an empty folder as a child, and in no listing', async () => {
    const store = new LocalDirectory(await makeDirectory({ 'job/chk-1/': '' }));

    expect(await keysOf(store, { prefix: '' })).toEqual([]);
    expect((await childrenOf(store, 'job/')).folders).toEqual(['job/chk-1/']);
  });

  it.each([
    [{ prefix: 'b/' }, ['b/', 'b/d/']],
    [{ prefix: 'b/d' }, ['b/', 'b/d/']],
    [{ prefix: '', after: 'b/c', until: 'b/c0' }, ['', 'b/']],
    [{ prefix: '', after: 'b/d/e' }, ['', 'b/', 'b/d/', 'f/']],
    [{ prefix: '', until: 'a/z' }, ['', 'a/']],
    [{ prefix: '', until: 'b/' }, ['', 'a/']],
  ] satisfies [KeyRange, string[]][])('reads for %j no folder that holds nothing of it', async (range, expected) => {
    // Prepare
    const path = await makeDirectory({ 'a/x': '', 'b/c': '', 'b/d/e': '', 'b/d/f': '', 'f/g': '' });
    const read: string[] = [];
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      readdir: (folder) => {
        read.push(`${folder.toString().slice(path.length + 1)}/`.replace(/^\/$/, ''));
        return nodeFileSystem.readdir(folder);
      },
    };

    // Act
    await keysOf(new LocalDirectory(path, { fileSystem }), range);

    // Assess
    expect(read).toEqual(expected);
  });

  it('looks at no more than 32 files at once, and at none outside the range', async () => {
    // Prepare
    const names = Array.from({ length: 200 }, (_, index) => `f${String(index).padStart(3, '0')}`);
    const path = await makeDirectory(Object.fromEntries(names.map((name) => [name, ''])));
    let underWay = 0;
    let most = 0;
    let looks = 0;
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      lstat: async (file) => {
        if (!file.toString().startsWith(`${path}/`)) return nodeFileSystem.lstat(file);
        looks += 1;
        underWay += 1;
        most = Math.max(most, underWay);
        const stats = await nodeFileSystem.lstat(file);
        underWay -= 1;
        return stats;
      },
    };

    // Act
    const keys = await keysOf(new LocalDirectory(path, { fileSystem }), { prefix: 'f', after: 'f049' });

    // Assess
    expect(keys).toEqual(names.slice(50));
    expect(looks).toBe(150);
    expect(most).toBe(32);
  });

  it('asks for children only by a whole folder', async () => {
    const store = new LocalDirectory(await makeDirectory());

    await expect(childrenOf(store, 'flink/che')).rejects.toThrow("The prefix of children must be empty or end in '/'");
  });

  describe('the root', () => {
    it('may itself be a symbolic link to a folder', async () => {
      const path = await makeDirectory({ 'real/a': 'x' });
      await symlink('real', join(path, 'link'));

      const store = new LocalDirectory(join(path, 'link'));

      expect(await keysOf(store, { prefix: '' })).toEqual(['a']);
      expect(await textOf(await store.read('a'))).toBe('x');
    });

    it('that does not exist is an error which names it', async () => {
      const store = new LocalDirectory('/nowhere/at/all');

      await expect(keysOf(store, { prefix: '' })).rejects.toMatchObject({
        code: 'no-such-place',
        message:
          "The folder '/nowhere/at/all' does not exist. Check the path, and that its file system is mounted. A bucket is written as s3://bucket/prefix.",
      });
    });

    it('that is a file is an error which says so', async () => {
      const path = await makeDirectory({ a: '' });

      const store = new LocalDirectory(join(path, 'a'));

      await expect(keysOf(store, { prefix: '' })).rejects.toMatchObject({
        code: 'no-such-place',
        message: `'${path}/a' is not a folder, so it contains no objects. Use the folder that contains the checkpoints.`,
      });
    });

    it('that vanishes while it is listed fails the listing', async () => {
      const path = await makeDirectory({ 'a/x': '', 'b/y': '' });
      const store = new LocalDirectory(path, { fileSystem: beforeReaddir('/b', () => rm(path, { recursive: true })) });

      await expect(keysOf(store, { prefix: '' })).rejects.toMatchObject({
        code: 'no-such-place',
        message: `The folder '${path}' was deleted while it was read; nothing read from it can be trusted.`,
      });
    });

    it('that vanishes while its children are listed fails them', async () => {
      const path = await makeDirectory({ 'a/x': '' });
      const store = new LocalDirectory(path, { fileSystem: beforeReaddir('/a', () => rm(path, { recursive: true })) });

      await expect(childrenOf(store, 'a/')).rejects.toMatchObject({ code: 'no-such-place' });
    });

    it('that has gone makes no object absent', async () => {
      const path = await makeDirectory({ a: '' });
      const store = new LocalDirectory(path);
      await keysOf(store, { prefix: '' });

      await rm(path, { recursive: true });

      await expect(store.read('a')).rejects.toMatchObject({ code: 'no-such-place' });
    });

    it('whose place another folder has taken, as when a mount goes, fails everything', async () => {
      // Prepare
      const path = await makeDirectory({ 'copy/a': '' });
      const store = new LocalDirectory(join(path, 'copy'));
      await keysOf(store, { prefix: '' });

      // Act
      await rename(join(path, 'copy'), join(path, 'was'));
      await mkdir(join(path, 'copy'));

      // Assess
      await expect(store.read('a')).rejects.toMatchObject({ code: 'unavailable' });
      await expect(keysOf(store, { prefix: '' })).rejects.toThrow('was unmounted or replaced after this run began');
    });
  });

  describe('what vanishes or changes while it is listed', () => {
    it('is left out: a file', async () => {
      const path = await makeDirectory({ a: '', b: '', c: '' });
      const store = new LocalDirectory(path, { fileSystem: beforeLstat('/b', () => rm(join(path, 'b'))) });

      expect(await keysOf(store, { prefix: '' })).toEqual(['a', 'c']);
    });

    it('is left out: a folder, before and after it was looked at', async () => {
      const path = await makeDirectory({ 'a/x': '', 'b/y': '', 'c/z': '' });
      const remove = (name: string) => () => rm(join(path, name), { recursive: true });
      const early = new LocalDirectory(path, { fileSystem: beforeLstat('/a', remove('a')) });
      const late = new LocalDirectory(path, { fileSystem: beforeReaddir('/b', remove('b')) });

      expect(await keysOf(early, { prefix: '' })).toEqual(['b/y', 'c/z']);
      expect(await keysOf(late, { prefix: '' })).toEqual(['c/z']);
    });

    it('is left out: a folder whose files were waiting to be looked at', async () => {
      const path = await makeDirectory({ 'a/x': '', 'b/y': '' });
      const remove = () => rm(join(path, 'a'), { recursive: true });
      const store = new LocalDirectory(path, { fileSystem: beforeReaddir('/b', remove) });

      expect(await keysOf(store, { prefix: '' })).toEqual(['b/y']);
    });

    it('fails the listing where a folder was replaced by a link, behind which its roots may be now', async () => {
      // Prepare
      const path = await makeDirectory({ 'a/_metadata': '' });
      const move = async () => {
        await rename(join(path, 'a'), join(path, 'moved'));
        await symlink('moved', join(path, 'a'));
      };
      const store = new LocalDirectory(path, { fileSystem: beforeLstat('/a', move) });

      // Act
      const listing = keysOf(store, { prefix: '' });

      // Assess
      await expect(listing).rejects.toMatchObject({ code: 'unavailable' });
      await expect(keysOf(store, { prefix: '' })).resolves.toEqual(['a', 'moved/_metadata']);
    });

    it('fails the listing where a file was replaced by a folder', async () => {
      const path = await makeDirectory({ a: '', 'a-b': '' });
      const replace = async () => {
        await rm(join(path, 'a'));
        await writeTree(path, { 'a/_metadata': '' });
      };
      const store = new LocalDirectory(path, { fileSystem: beforeLstat('/a', replace) });

      await expect(keysOf(store, { prefix: '' })).rejects.toThrow(
        `'${path}/a' was replaced by an entry of another kind while it was listed`,
      );
    });

    it('is read again where only an entry of a folder had gone', async () => {
      // Where a file system tells no kinds, Node looks at each entry and fails as a whole for one that is gone.
      const path = await makeDirectory({ 'a/x': '' });
      const store = new LocalDirectory(path, { fileSystem: failing('readdir', '/a', 'ENOENT', 4) });

      expect(await keysOf(store, { prefix: '' })).toEqual(['a/x']);
    });

    it('is never taken for empty, however often it changes', async () => {
      const path = await makeDirectory({ 'a/x': '' });
      const store = new LocalDirectory(path, { fileSystem: failing('readdir', '/a', 'ENOENT') });

      await expect(keysOf(store, { prefix: '' })).rejects.toThrow(
        `'${path}/a/' changed each of the 5 times it was read`,
      );
    });
  });

  describe('failures of the operating system', () => {
    it.each([
      ['readdir', '/job', 'EACCES', 'denied', "The folder 'ROOT/job/' can't be listed: permission denied (EACCES)"],
      ['readdir', '/job', 'EPERM', 'denied', "The folder 'ROOT/job/' can't be listed: permission denied (EPERM)"],
      [
        'readdir',
        '/job',
        'EIO',
        'unavailable',
        "The folder 'ROOT/job/' can't be listed: the operating system answered EIO",
      ],
      [
        'lstat',
        '/job',
        'EIO',
        'unavailable',
        "The folder 'ROOT/job/' can't be listed: the operating system answered EIO",
      ],
      [
        'lstat',
        '/job/a',
        'EACCES',
        'denied',
        "'ROOT/job/a' in the folder 'ROOT/job/' can't be checked: permission denied",
      ],
      ['lstat', '/job/a', 'ESTALE', 'unavailable', "'ROOT/job/a' in the folder 'ROOT/job/' can't be checked"],
      ['readdir', '', 'EACCES', 'denied', "The folder 'ROOT' can't be listed"],
      ['lstat', '', 'EIO', 'unavailable', "The folder 'ROOT' can't be opened"],
      ['realpath', '', 'EACCES', 'denied', "The folder 'ROOT' can't be opened: permission denied"],
    ] as const)('%s of ROOT%s with %s fails the listing as %s', async (call, below, errno, code, sentence) => {
      const path = await makeDirectory({ 'job/a': '', 'other/b': '' });

      const store = new LocalDirectory(path, { fileSystem: failing(call, below, errno) });

      const failure = await failureOf(() => keysOf(store, { prefix: '' }));
      expect(failure).toMatchObject({ name: 'StoreError', code });
      expect(String(failure)).toContain(sentence.replaceAll('ROOT', path));
    });

    it.each([
      ['realpath', '/job', 'EACCES', 'denied'],
      ['lstat', '/job/a', 'EIO', 'unavailable'],
      ['open', '/job/a', 'EACCES', 'denied'],
      ['open', '/job/a', 'ELOOP', 'unavailable'],
      ['open', '/job/a', 'EMFILE', 'unavailable'],
    ] as const)('%s of ROOT%s with %s is no absence when it is read, but %s', async (call, below, errno, code) => {
      const path = await makeDirectory({ 'job/a': '' });

      const store = new LocalDirectory(path, { fileSystem: failing(call, below, errno) });

      await expect(store.read('job/a')).rejects.toMatchObject({ name: 'StoreError', code });
    });

    it('a file that goes between the look and the opening is absent', async () => {
      const path = await makeDirectory({ a: '' });
      const store = new LocalDirectory(path, { fileSystem: failing('open', '/a', 'ENOENT') });

      expect(await store.read('a')).toEqual({ found: false });
    });

    it('are told of a folder that an unprivileged user may not read', async () => {
      // Prepare
      const path = await makeDirectory({ 'open/a': 'x', 'shut/b': '', sealed: '' });
      await Promise.all([chmod(path, 0o755), chmod(join(path, 'shut'), 0), chmod(join(path, 'sealed'), 0)]);
      const store = new LocalDirectory(path);

      // Act
      const [listing, child, read, readable] = await asUnprivilegedUser(async () => [
        await failureOf(() => keysOf(store, { prefix: '' })),
        await failureOf(() => store.read('shut/b')),
        await failureOf(() => store.read('sealed')),
        await textOf(await store.read('open/a')),
      ]);

      // Assess
      expect(listing).toMatchObject({ code: 'denied' });
      expect(String(listing)).toContain(`The folder '${path}/shut/' can't be listed: permission denied (EACCES)`);
      expect(child).toMatchObject({ code: 'denied' });
      expect(read).toMatchObject({ code: 'denied' });
      expect(readable).toBe('x');
    });

    it('shows names in sentences without what would disturb a terminal', async () => {
      const path = await makeDirectory({ 'a\u001b[2J\n/x': '' });
      await writeFile(pathWithName(join(path, 'a\u001b[2J\n'), new Uint8Array([0xff])), '');
      const fileSystem = failing('lstat', '/a\u001b[2J\n/x', 'EIO');

      const failure = await failureOf(() => keysOf(new LocalDirectory(path, { fileSystem }), { prefix: '' }));

      expect(String(failure)).toContain(`'${path}/a\\u001b[2J\\u000a/x'`);
    });
  });

  it('keeps names that are no UTF-8 through listing, children and read', async () => {
    // Prepare
    const path = await makeDirectory({ é: 'two bytes' });
    await writeFile(pathWithName(path, new Uint8Array([0xe9])), 'latin');
    await mkdir(pathWithName(path, new Uint8Array([0x64, 0xff])));
    await writeFile(pathWithName(join(path), new Uint8Array([0x64, 0xff, 0x2f, 0x66])), 'below');
    const store = new LocalDirectory(path);

    // Act
    const keys = await keysOf(store, { prefix: '' });
    const contents = await Promise.all(keys.map(async (key) => textOf(await store.read(key))));

    // Assess
    expect(keys).toEqual(['d\udcff/f', 'é', '\udce9']);
    expect(contents).toEqual(['below', 'two bytes', 'latin']);
    expect((await childrenOf(store, '')).folders).toEqual(['d\udcff/']);
    expect(await keysOf(store, { prefix: 'd\udcff/' })).toEqual(['d\udcff/f']);
    expect(await store.read('\udcc3\udca9')).toEqual({ found: false });
  });

  it('lists a file of several names under each of them', async () => {
    const path = await makeDirectory({ a: 'x' });
    await link(join(path, 'a'), join(path, 'b'));

    expect(await keysOf(new LocalDirectory(path), { prefix: '' })).toEqual(['a', 'b']);
  });
});

type Call = 'readdir' | 'lstat' | 'realpath' | 'open';

/** A file system in which one call fails for paths that end so ('' for the root of a test), at most `times` often. */
function failing(call: Call, ending: string, errno: string, times = Number.POSITIVE_INFINITY): FileSystem {
  let left = times;
  const isMeant = (path: Uint8Array) =>
    ending === '' ? /flink-steward-[^/]+$/.test(path.toString()) : path.toString().endsWith(ending);
  const guard = <A extends readonly unknown[], R>(real: (path: Buffer, ...rest: A) => Promise<R>) => {
    return async (path: Buffer, ...rest: A): Promise<R> => {
      if (!isMeant(path) || left === 0) return real(path, ...rest);
      left -= 1;
      throw Object.assign(new Error(errno), { code: errno });
    };
  };
  switch (call) {
    case 'readdir':
      return { ...nodeFileSystem, readdir: guard(nodeFileSystem.readdir) };
    case 'lstat':
      return { ...nodeFileSystem, lstat: guard(nodeFileSystem.lstat) };
    case 'realpath':
      return { ...nodeFileSystem, realpath: guard(nodeFileSystem.realpath) };
    case 'open':
      return { ...nodeFileSystem, open: guard(nodeFileSystem.open) };
  }
}

/** A file system in which something happens just before a path that ends so is looked at for the first time. */
function beforeLstat(ending: string, happen: () => Promise<void>): FileSystem {
  const once = onceAt(ending, happen);
  return {
    ...nodeFileSystem,
    lstat: async (path) => {
      await once(path);
      return nodeFileSystem.lstat(path);
    },
  };
}

function beforeReaddir(ending: string, happen: () => Promise<void>): FileSystem {
  const once = onceAt(ending, happen);
  return {
    ...nodeFileSystem,
    readdir: async (path) => {
      await once(path);
      return nodeFileSystem.readdir(path);
    },
  };
}

function onceAt(ending: string, happen: () => Promise<void>): (path: Buffer) => Promise<void> {
  let happened = false;
  return async (path) => {
    if (happened || !path.toString().endsWith(ending)) return;
    happened = true;
    await happen();
  };
}
