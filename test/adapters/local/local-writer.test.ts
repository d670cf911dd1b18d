import { Buffer } from 'node:buffer';
import { mkdir, readdir, readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { LocalWriter } from '#adapters/local/local-writer.ts';
import { nodeWritingFileSystem, type WritingFileSystem } from '#adapters/local/temporary-file.ts';
import { classifyDirectory, classifyObject } from '#core/flink/layout.ts';
import { contentsOf, describeAreaWriter, objectOf } from '#test/support/area-writer-contract.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const CONTENT = Buffer.from('root');

describeAreaWriter('LocalWriter', async (objects) => {
  const path = await makeDirectory(objects);
  return { writer: new LocalWriter(path), store: new LocalDirectory(path) };
});

describe('LocalWriter', () => {
  it.each([0, 1, 999, 1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_123, 1_712_345_678_999])(
    'gives what it writes the time %i',
    async (modified) => {
      const path = await makeDirectory();

      const put = await new LocalWriter(path).putIfAbsent('chk-1/_metadata', CONTENT, { modified });

      expect(put).toMatchObject({ outcome: 'written', modified });
      expect(
        (await objectOf({ writer: new LocalWriter(path), store: new LocalDirectory(path) }, 'chk-1/_metadata'))
          .modified,
      ).toBe(modified);
    },
  );

  it('makes the folders that are missing', async () => {
    const path = await makeDirectory({ 'a/x': '' });

    await new LocalWriter(path).putIfAbsent('a/b/c/_metadata', CONTENT);

    expect(await readFile(join(path, 'a/b/c/_metadata'), 'utf8')).toBe('root');
  });

  it('uses a temporary name that the steward keeps, and takes it away again', async () => {
    // Prepare
    const path = await makeDirectory();
    const names: string[] = [];
    const link: WritingFileSystem['link'] = async (from, to) => {
      names.push(...(await readdir(join(path, 'chk-1'))));
      await nodeWritingFileSystem.link(from, to);
    };

    // Act
    await new LocalWriter(path, { ...nodeWritingFileSystem, link }).putIfAbsent('chk-1/_metadata', CONTENT);

    // Assess
    expect(names).toEqual([expect.stringMatching(/^\.flink-steward-[0-9a-f-]{36}\.tmp$/)]);
    for (const folder of ['chk-1/', 'shared/', 'taskowned/', 'sp/']) {
      expect(
        classifyObject({ path: folder, class: classifyDirectory(folder), holdsRoot: true }, names[0] ?? '', 4),
      ).toBe('unknown');
    }
    expect(await readdir(join(path, 'chk-1'))).toEqual(['_metadata']);
  });

  it.each([
    ['link', 'EPERM', 'has no hard links (EPERM)'],
    ['link', 'EIO', "can't be written: the operating system answered EIO; the next listing shows whether it is there"],
    ['create', 'ENOSPC', "can't be written: the operating system answered ENOSPC"],
    ['create', 'EACCES', "can't be written: permission denied (EACCES)"],
  ] as const)('leaves nothing behind where %s fails with %s, and says so', async (call, errno, sentence) => {
    const path = await makeDirectory({ 'chk-1/x': '' });
    const fail = async (): Promise<never> => {
      throw Object.assign(new Error(errno), { code: errno });
    };

    const writer = new LocalWriter(path, { ...nodeWritingFileSystem, [call]: fail });
    const failure = await failureOf(() => writer.putIfAbsent('chk-1/_metadata', CONTENT));

    expect(failure).toMatchObject({ name: 'StoreError' });
    expect(failure).toHaveProperty('message', expect.stringContaining(sentence));
    expect(await readdir(join(path, 'chk-1'))).toEqual(['x']);
  });

  it.each([
    ['out of the directory', '../outside'],
    ['to another folder in it', 'inside'],
  ])('refuses a path through a link %s', async (_where, target) => {
    // Prepare
    const path = await makeDirectory({ 'root/inside/a': 'x', 'outside/a': 'x' });
    await symlink(target, join(path, 'root', 'link'));
    const writer = new LocalWriter(join(path, 'root'));

    // Act
    const failures = [
      await failureOf(() => writer.putIfAbsent('link/b', CONTENT)),
      await failureOf(() => writer.putIfAbsent('link/deep/b', CONTENT)),
      await failureOf(() => writer.replace('link/a', CONTENT, 'e')),
      await failureOf(() => writer.canRestore({ key: 'link/a', etag: 'e' })),
    ];

    // Assess
    for (const failure of failures) {
      expect(failure).toMatchObject({ name: 'StoreError', message: /can be reached only through a symbolic link/ });
    }
    expect(await readdir(join(path, 'outside'))).toEqual(['a']);
    expect(await readdir(join(path, 'root', 'inside'))).toEqual(['a']);
  });

  it('writes over no link, wherever it leads', async () => {
    const path = await makeDirectory({ target: 'x' });
    await symlink('nowhere', join(path, 'dangling'));
    await symlink('target', join(path, 'link'));
    const writer = new LocalWriter(path);
    const area = { writer, store: new LocalDirectory(path) };

    const puts = [
      await writer.putIfAbsent('dangling', CONTENT),
      await writer.putIfAbsent('link', CONTENT),
      await writer.replace('link', CONTENT, (await objectOf(area, 'link')).etag),
      await writer.replace('link', CONTENT, (await objectOf(area, 'target')).etag),
    ];

    expect(puts).toEqual(Array.from({ length: 4 }, () => ({ outcome: 'exists' })));
    expect((await readdir(path)).sort()).toEqual(['dangling', 'link', 'target']);
    expect(await readFile(join(path, 'target'), 'utf8')).toBe('x');
  });

  it('replaces nothing that changed while the new content was written', async () => {
    // Prepare
    const path = await makeDirectory({ a: 'old', b: 'theirs' });
    const area = { writer: new LocalWriter(path), store: new LocalDirectory(path) };
    const { etag } = await objectOf(area, 'a');
    const create: WritingFileSystem['create'] = async (file) => {
      await rename(join(path, 'b'), join(path, 'a'));
      return await nodeWritingFileSystem.create(file);
    };

    // Act
    const put = await new LocalWriter(path, { ...nodeWritingFileSystem, create }).replace('a', CONTENT, etag);

    // Assess
    expect(put).toEqual({ outcome: 'exists' });
    expect(await contentsOf(area)).toEqual({ a: 'theirs' });
  });

  it('puts no file in place of a folder', async () => {
    const path = await makeDirectory({ 'chk-1/x': '' });

    expect(await new LocalWriter(path).putIfAbsent('chk-1', CONTENT)).toEqual({ outcome: 'exists' });
  });

  it('says so where a file is in the way of a folder', async () => {
    const path = await makeDirectory({ 'chk-1': '' });

    const failure = await failureOf(() => new LocalWriter(path).putIfAbsent('chk-1/_metadata', CONTENT));

    expect(failure).toHaveProperty('message', `'${path}/chk-1/' is not a folder; nothing was written below it.`);
  });

  it.each(['', '/a', '../a', 'a/../b', 'a//b', 'a/', './a', 'a\0', '\ud800'])(
    'refuses %j, which is no key of a file',
    async (key) => {
      const path = await makeDirectory({ 'root/x': '' });
      const writer = new LocalWriter(join(path, 'root'));

      for (const call of [
        () => writer.putIfAbsent(key, CONTENT),
        () => writer.replace(key, CONTENT, 'e'),
        () => writer.restore({ key, etag: 'e' }),
      ]) {
        expect(await failureOf(call)).toMatchObject({ name: 'StoreError', message: /is no key of a file/ });
      }
      expect(await readdir(path)).toEqual(['root']);
    },
  );

  it('says why it can not bring something back', async () => {
    const path = await makeDirectory({ a: 'x' });
    const writer = new LocalWriter(path);

    expect([
      await writer.canRestore({ key: 'gone', etag: 'e' }),
      await writer.restore({ key: 'a', etag: 'e' }),
    ]).toEqual([
      { outcome: 'lost', why: `'${path}/gone' no longer exists, and a directory keeps no versions.` },
      { outcome: 'lost', why: `'${path}/a' has been replaced, and a directory keeps no versions.` },
    ]);
  });

  it('takes nothing for lost where the whole place has gone', async () => {
    const path = join(await makeDirectory({ 'root/a': '' }), 'root');
    const writer = new LocalWriter(path);
    await writer.canRestore({ key: 'a', etag: 'e' });
    await rename(path, `${path}-was`);

    expect(await failureOf(() => writer.canRestore({ key: 'a', etag: 'e' }))).toMatchObject({ code: 'no-such-place' });
    await mkdir(path);
    expect(await failureOf(() => writer.putIfAbsent('b', CONTENT))).toMatchObject({ code: 'unavailable' });
    expect(await readdir(path)).toEqual([]);
  });
});
