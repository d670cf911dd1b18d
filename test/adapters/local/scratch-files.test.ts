import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ScratchFiles } from '#adapters/local/scratch-files.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

describe('Files for the time of a command', () => {
  it('are read as they were written last, and leave nothing beside them', async () => {
    const folder = await makeDirectory();
    const files = new ScratchFiles(folder);

    await files.writeFile('a/b/one', Buffer.from('first'));
    await files.writeFile('a/b/one', Buffer.from('second'));

    const chunks = await files.readFile('a/b/one');
    expect(chunks === null ? null : (await buffer(chunks)).toString()).toBe('second');
    expect(await files.readFile('a/b/two')).toBe(null);
    expect(await readdir(join(folder, 'a/b'))).toEqual(['one']);
  });

  it('fail with a sentence where they can not be written or read', async () => {
    const folder = await makeDirectory({ file: 'x' });
    await mkdir(join(folder, 'taken'));
    const files = new ScratchFiles(folder);

    await expect(files.writeFile('file/one', Buffer.from('x'))).rejects.toThrow(/file\/one can't be written/);
    await expect(files.writeFile('taken', Buffer.from('x'))).rejects.toMatchObject({ name: 'StoreError' });
    await expect(files.readFile(`${'long'.repeat(100)}`)).rejects.toThrow(/can't be read.*its contents are unknown/);
  });
});
