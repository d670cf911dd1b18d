import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { makeStandInBundles } from '#test/infra/stand-in-bundles.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { ARCHIVE, packageTemplate, TEMPLATE } from '#tools/package/template.ts';
import { filesIn, zipOf } from '#tools/package/zip.ts';

const makeDirectory = useTempDirectories();

async function packaged(): Promise<{ readonly archive: Buffer; readonly template: Buffer }> {
  const folder = await makeDirectory();
  const bundles = await makeDirectory();
  makeStandInBundles(bundles);
  expect(await packageTemplate(folder, bundles)).toEqual([TEMPLATE, ARCHIVE]);
  return { archive: readFileSync(join(folder, ARCHIVE)), template: readFileSync(join(folder, TEMPLATE)) };
}

describe('The archive for those who deploy without the CDK', () => {
  it('has the template and the code that it names, and nothing else', async () => {
    // Act
    const { archive, template } = await packaged();

    // Assess
    const files = unzipSync(archive);
    const named = template.toString().match(/\w+-[0-9a-f]{16}\.zip/g) ?? [];
    expect(Object.keys(files).sort()).toEqual([...named, TEMPLATE].sort());
    expect(Buffer.from(files[TEMPLATE] ?? [])).toEqual(template);
  });

  it('has the code of each function in a file of its name', async () => {
    // Act
    const { archive } = await packaged();

    // Assess
    const [, sweep = new Uint8Array()] =
      Object.entries(unzipSync(archive)).find(([name]) => name.startsWith('Sweep-')) ?? [];
    const code = unzipSync(sweep);
    expect(Object.keys(code)).toEqual(['index.mjs']);
    expect(Buffer.from(code['index.mjs'] ?? []).toString()).toBe("export const handler = () => 'sweep';\n");
  });

  it('is the same whenever and wherever it is made', async () => {
    // Act
    vi.stubEnv('TZ', 'Asia/Tokyo');
    const first = await packaged();
    vi.stubEnv('TZ', 'America/Lima');
    const second = await packaged();

    // Assess
    expect(second.archive.equals(first.archive)).toBe(true);
  });
});

describe('A zip archive', () => {
  it('has its files in the order of their names, each readable by everybody', () => {
    // Prepare
    const content = Buffer.from('x');

    // Act
    const zip = Buffer.from(
      zipOf(
        new Map([
          ['b', content],
          ['a/c', content],
        ]),
        9,
      ),
    );

    // Assess
    expect(Object.keys(unzipSync(zip))).toEqual(['a/c', 'b']);
    // PKWARE's note on the format, 4.3.12: made by Unix, and its mode in the upper half of the external attributes.
    const entry = zip.indexOf('PK\x01\x02');
    expect(zip[entry + 5]).toBe(3);
    expect((zip.readUInt32LE(entry + 38) >>> 16).toString(8)).toBe('100644');
  });

  it('has the files below a folder by their paths in it', async () => {
    // Prepare
    const folder = await makeDirectory({ 'a.txt': 'A', 'b/c.txt': 'C' });

    // Act
    const files = filesIn(folder);

    // Assess
    expect([...files].map(([path, content]) => [path, Buffer.from(content).toString()])).toEqual([
      ['a.txt', 'A'],
      ['b/c.txt', 'C'],
    ]);
  });
});
