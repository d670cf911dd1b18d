import { Buffer } from 'node:buffer';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LedgerFolder } from '#adapters/ledger/ledger-folder.ts';
import { nodeWritingFileSystem, type WritingFileSystem } from '#adapters/local/temporary-file.ts';
import { type FakeCtimes, fakeCtimes } from '#test/support/fake-ctimes.ts';
import { contentOf, filesIn } from '#test/support/ledger-store-contract.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('LedgerFolder', () => {
  it('makes no folder before the first write', async () => {
    // Prepare
    const path = join(await makeDirectory(), 'ledger');
    const store = new LedgerFolder(path);

    // Act
    await store.readDocument('a');
    await store.readFile('a');
    await filesIn(store, '');
    const before = existsSync(path);
    await store.writeDocument('a', 'text', null);

    // Assess
    expect(before).toBe(false);
    expect(await readdir(path)).toEqual(['a@']);
    expect(await readdir(join(path, 'a@'))).toEqual(['000000000001']);
  });

  it('leaves no temporary file behind, whoever is first', async () => {
    const path = await makeDirectory();
    const store = new LedgerFolder(path);

    await Promise.all(['1', '2', '3'].map((text) => store.writeDocument('a', text, null)));
    await store.writeFile('b', Buffer.from('x'));

    expect(await readdir(join(path, 'a@'))).toEqual(['000000000001']);
    expect((await readdir(path)).sort()).toEqual(['a@', 'b']);
  });

  it('does not take a temporary file or a stranger for a generation', async () => {
    const path = await makeDirectory({ 'a@/@0': 'half', 'a@/000000000009.bak': 'old', 'a@/notes': 'mine' });
    const store = new LedgerFolder(path);

    expect(await store.readDocument('a')).toBeNull();
    expect(await store.writeDocument('a', 'one', null)).toMatch(/^000000000001-[0-9a-f]{64}$/);
  });

  it('does not take one content for another that has the same place', async () => {
    // Prepare: the ledger was put back from a copy.
    const path = await makeDirectory();
    const tag = await new LedgerFolder(path).writeDocument('a', 'one', null);
    await writeFile(join(path, 'a@', '000000000001'), 'two');

    // Act
    const written = await new LedgerFolder(path).writeDocument('a', 'three', tag);

    // Assess
    expect(written).toBeNull();
    expect((await new LedgerFolder(path).readDocument('a'))?.text).toBe('two');
  });

  describe('removing what is superseded', () => {
    it('keeps the last 64 generations, however old', async () => {
      const { path, names } = await written(100, 2 * MINUTE);

      expect(names).toEqual(Array.from({ length: 64 }, (_, at) => generation(37 + at)));
      expect(await readdir(path)).toEqual(['a@']);
    });

    it('keeps every generation for an hour', async () => {
      const { names } = await written(100, 36 * SECOND);

      expect(names).toEqual(Array.from({ length: 100 }, (_, at) => generation(1 + at)));
    });

    it('removes a generation once it is older than an hour', async () => {
      const { names } = await written(102, 36 * SECOND);

      expect(names[0]).toBe(generation(2));
    });

    it('removes temporary files that are older than an hour, and nothing else', async () => {
      // Prepare
      const path = await makeDirectory();
      const fileSystem = fakeCtimes();
      const old = '@00000000-0000-0000-0000-000000000000';
      const young = '@11111111-1111-1111-1111-111111111111';
      await new LedgerFolder(path, fileSystem).writeDocument('a', 'x', null);
      const leave = async (name: string) => (await fileSystem.create(Buffer.from(join(path, name)))).close();
      for (const name of [`a@/${old}`, old, 'a@/@mine', '@mine']) await leave(name);
      fileSystem.now = HOUR;
      for (const name of [`a@/${young}`, young]) await leave(name);
      fileSystem.now = HOUR + 1;

      // Act
      const store = new LedgerFolder(path, fileSystem);
      await store.writeDocument('a', 'y', (await store.readDocument('a'))?.tag ?? null);
      await store.writeFile('f', Buffer.from(''));

      // Assess
      expect((await readdir(join(path, 'a@'))).sort()).toEqual([generation(1), generation(2), young, '@mine']);
      expect((await readdir(path)).sort()).toEqual([young, '@mine', 'a@', 'f']);
    });

    it('says nothing where something can not be removed', async () => {
      const fileSystem = fakeCtimes();
      const unlink = async (): Promise<never> => {
        throw withErrno('EACCES');
      };

      const { names } = await written(70, HOUR, Object.assign(fileSystem, { unlink }));

      expect(names.filter((name) => !name.startsWith('@'))).toHaveLength(70);
    });
  });

  describe('a writer that stood still', () => {
    it.each([
      ['for hours', 70, HOUR],
      ['for a moment', 3, SECOND],
    ])('before its link %s knows that others were first', async (_how, count, pause) => {
      const { path, fileSystem, tag, sleeper } = await makeSleeper('before', count, pause);

      const written = await sleeper.writeDocument('a', 'late', tag);

      expect(written).toBeNull();
      expect((await new LedgerFolder(path, fileSystem).readDocument('a'))?.text).toBe(`text ${count}`);
    });

    it('has left nothing to link where the generation that took its place is gone', async () => {
      const { path, tag, sleeper } = await makeSleeper('before', 70, HOUR);

      await sleeper.writeDocument('a', 'late', tag);

      expect((await readdir(join(path, 'a@'))).sort()[0]).toBe(generation(8));
    });

    it('does not believe that it wrote, where the clock was set back and its place was free again', async () => {
      // Prepare
      const { path, fileSystem, tag, sleeper } = await makeSleeper('before', 70, HOUR, -70 * HOUR);

      // Act
      const failure = await failureOf(() => sleeper.writeDocument('a', 'late', tag));

      // Assess
      expect(await readdir(join(path, 'a@'))).toContain(generation(2));
      expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
      expect(failure).toHaveProperty(
        'message',
        `'a' of the ledger '${path}' was changed by others many times while this process was suspended; it is unknown whether it was written, so read it again.`,
      );
      expect((await new LedgerFolder(path, fileSystem).readDocument('a'))?.text).toBe('text 70');
    });

    it('after its link knows that it wrote', async () => {
      const { tag, sleeper } = await makeSleeper('after', 60, HOUR);

      expect(await sleeper.writeDocument('a', 'mine', tag)).toMatch(/^000000000002-/);
    });
  });

  it('knows its own link where the answer to it was lost', async () => {
    const path = await makeDirectory();
    const link: WritingFileSystem['link'] = async (from, to) => {
      await nodeWritingFileSystem.link(from, to);
      throw withErrno('EEXIST');
    };
    const store = new LedgerFolder(path, { ...nodeWritingFileSystem, link });

    expect(await store.writeDocument('a', 'one', null)).toMatch(/^000000000001-/);
  });

  it.each(['EPERM', 'ENOTSUP', 'ENOSYS'])('says so where there are no hard links (%s)', async (errno) => {
    const path = await makeDirectory();
    const store = new LedgerFolder(path, failing('link', errno));

    const failure = await failureOf(() => store.writeDocument('a', 'one', null));

    expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
    expect(failure).toHaveProperty(
      'message',
      `The file system of '${path}/a@' has no hard links (${errno}), and without them the steward can't keep two writers apart. Nothing was written; use a folder on another file system.`,
    );
    expect(await readdir(join(path, 'a@'))).toEqual([]);
  });

  it.each([
    ['create', 'EACCES', 'denied', 'nothing was written'],
    ['create', 'ENOSPC', 'unavailable', 'nothing was written'],
    ['link', 'EIO', 'unavailable', 'it is unknown whether it was written'],
    ['mkdir', 'EROFS', 'denied', 'nothing was written'],
    ['readdir', 'EIO', 'unavailable', 'its contents are unknown'],
  ] as const)('says what follows where %s fails with %s', async (call, errno, code, follows) => {
    const path = join(await makeDirectory(), 'ledger');
    const store = new LedgerFolder(path, failing(call, errno));

    const failure = await failureOf(() => store.writeDocument('a', 'one', null));

    expect(failure).toMatchObject({ name: 'StoreError', code });
    expect(failure).toHaveProperty('message', expect.stringContaining(`'a' of the ledger '${path}' can't be`));
    expect(failure).toHaveProperty('message', expect.stringContaining(`(${errno})`.slice(1, -1)));
    expect(failure).toHaveProperty('message', expect.stringContaining(follows));
  });

  it('leaves the old file where the disk is full', async () => {
    const path = await makeDirectory();
    await new LedgerFolder(path).writeFile('runs/a', Buffer.from('old'));
    const create: WritingFileSystem['create'] = async (file) => ({
      ...(await nodeWritingFileSystem.create(file)),
      sync: async () => {
        throw withErrno('ENOSPC');
      },
    });

    const store = new LedgerFolder(path, { ...nodeWritingFileSystem, create });
    const failure = await failureOf(() => store.writeFile('runs/a', Buffer.from('new')));

    expect(failure).toHaveProperty(
      'message',
      `'runs/a' of the ledger '${path}' can't be written: the operating system answered ENOSPC; nothing was written. Check the disk or the mount, then try again.`,
    );
    expect((await contentOf(store, 'runs/a')).toString()).toBe('old');
    expect(await readdir(join(path, 'runs'))).toEqual(['a']);
  });

  describe('where its folder', () => {
    it('is a file, it says so', async () => {
      const path = join(await makeDirectory({ ledger: '' }), 'ledger');
      const store = new LedgerFolder(path);

      for (const call of everyCall(store)) {
        expect(await failureOf(call)).toHaveProperty(
          'message',
          `The folder '${path}' of the ledger is not a folder. Use the path of a folder, or a path that does not exist yet.`,
        );
      }
    });

    it('goes while it is used, nothing counts as absent, and nothing is made anew', async () => {
      const path = join(await makeDirectory(), 'ledger');
      const store = new LedgerFolder(path);
      await store.writeDocument('pins.json', '[]', null);
      await rm(path, { recursive: true });

      for (const call of everyCall(store)) {
        expect(await failureOf(call)).toMatchObject({
          code: 'unavailable',
          message: /no longer exists, although it did when this run began/,
        });
      }
      expect(existsSync(path)).toBe(false);
    });

    it('is replaced while it is used, nothing counts as absent', async () => {
      const path = join(await makeDirectory(), 'ledger');
      const store = new LedgerFolder(path);
      await store.writeDocument('pins.json', '[]', null);
      await rename(path, `${path}-was`);
      await mkdir(path);

      for (const call of everyCall(store)) {
        expect(await failureOf(call)).toMatchObject({ code: 'unavailable', message: /is another one than when/ });
      }
      expect(await readdir(path)).toEqual([]);
    });
  });
});

function everyCall(store: LedgerFolder): readonly (() => Promise<unknown>)[] {
  return [
    () => store.readDocument('pins.json'),
    () => store.writeDocument('pins.json', '', null),
    () => store.readFile('runs/a'),
    () => store.writeFile('runs/a', Buffer.from('')),
    () => filesIn(store, 'runs/'),
  ];
}

function generation(number: number): string {
  return String(number).padStart(12, '0');
}

/** A document that was written so many times, with so many milliseconds in between. */
async function written(
  count: number,
  pause: number,
  fileSystem: FakeCtimes = fakeCtimes(),
): Promise<{ path: string; names: readonly string[] }> {
  const path = await makeDirectory();
  await writeOn(path, fileSystem, count, pause);
  return { path, names: (await readdir(join(path, 'a@'))).sort() };
}

async function writeOn(path: string, fileSystem: FakeCtimes, count: number, pause: number): Promise<void> {
  const store = new LedgerFolder(path, fileSystem);
  let tag = (await store.readDocument('a'))?.tag ?? null;
  for (let number = 1; number <= count; number++) {
    fileSystem.now += pause;
    tag = await store.writeDocument('a', `text ${number}`, tag);
  }
}

/**
 * A writer that stands still before or after it links its generation, while others write.
 *
 * @param clockChange by how much the clock is set forward meanwhile, milliseconds.
 */
async function makeSleeper(
  when: 'before' | 'after',
  count: number,
  pause: number,
  clockChange = 0,
): Promise<{ path: string; fileSystem: FakeCtimes; tag: string | null; sleeper: LedgerFolder }> {
  const path = await makeDirectory();
  const fileSystem = fakeCtimes();
  const tag = await new LedgerFolder(path, fileSystem).writeDocument('a', 'one', null);
  const othersWrite = async () => {
    fileSystem.now += clockChange;
    await writeOn(path, fileSystem, count, pause);
  };
  const link: WritingFileSystem['link'] = async (from, to) => {
    if (when === 'before') await othersWrite();
    await fileSystem.link(from, to);
    if (when === 'after') await othersWrite();
  };
  return { path, fileSystem, tag, sleeper: new LedgerFolder(path, { ...fileSystem, link }) };
}

function failing(call: keyof WritingFileSystem, errno: string): WritingFileSystem {
  const fail = async (): Promise<never> => {
    throw withErrno(errno);
  };
  return { ...nodeWritingFileSystem, [call]: fail };
}

function withErrno(errno: string): Error {
  return Object.assign(new Error(errno), { code: errno });
}
