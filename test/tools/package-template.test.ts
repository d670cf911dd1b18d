import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import type { PlainTemplate } from '#infra/template/plain-template.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { ARCHIVE, TEMPLATE, writeArchive } from '#tools/package/template.ts';
import { filesIn, zipOf } from '#tools/package/zip.ts';

const makeDirectory = useTempDirectories();

const SWEEP = "export const handler = () => 'sweep';\n";

/** One as small as can be; that of the stack names its code by the same names: test/infra/template/. */
async function plain(): Promise<PlainTemplate> {
  return {
    template: { Resources: { Sweep: { Type: 'AWS::Lambda::Function' } }, Outputs: {} },
    assets: [
      { folder: await makeDirectory({ 'index.mjs': SWEEP, 'chunk.mjs': '' }), file: 'Sweep-0.zip' },
      { folder: await makeDirectory({ 'index.mjs': '' }), file: 'Collect-1.zip' },
    ],
  };
}

describe('The archive for those who deploy without the CDK', () => {
  it('has the template, the code of each function and what goes with it, and lies beside the template', async () => {
    // Prepare
    const folder = await makeDirectory();
    const made = await plain();
    const notices = join(await makeDirectory({ 'NOTICES.txt': 'Of others.' }), 'NOTICES.txt');

    // Act
    const written = writeArchive(folder, made, [notices]);

    // Assess
    expect(written).toEqual([TEMPLATE, ARCHIVE]);
    const files = unzipSync(readFileSync(join(folder, ARCHIVE)));
    expect(Object.keys(files).sort()).toEqual(['Collect-1.zip', 'NOTICES.txt', 'Sweep-0.zip', TEMPLATE]);
    expect(Buffer.from(files[TEMPLATE] ?? [])).toEqual(readFileSync(join(folder, TEMPLATE)));
    expect(JSON.parse(readFileSync(join(folder, TEMPLATE), 'utf8'))).toEqual(made.template);
    const code = unzipSync(files['Sweep-0.zip'] ?? new Uint8Array());
    expect(Object.keys(code)).toEqual(['chunk.mjs', 'index.mjs']);
    expect(Buffer.from(code['index.mjs'] ?? []).toString()).toBe(SWEEP);
  });

  it('is the same whenever and wherever it is made', async () => {
    // Prepare
    const make = async (zone: string): Promise<Buffer> => {
      vi.stubEnv('TZ', zone);
      const folder = await makeDirectory();
      writeArchive(folder, await plain());
      return readFileSync(join(folder, ARCHIVE));
    };

    // Act
    const [first, second] = [await make('Asia/Tokyo'), await make('America/Lima')];

    // Assess
    expect(second.equals(first)).toBe(true);
  });
});

describe('A zip archive', () => {
  it('has its files in the order of their names, each readable by everybody', () => {
    // Prepare
    const content = Buffer.from('x');
    const files = new Map([
      ['b', content],
      ['a/c', content],
    ]);

    // Act
    const zip = Buffer.from(zipOf(files, 9));

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
    expect([...files].map(([path, content]) => [path, Buffer.from(content).toString()]).sort()).toEqual([
      ['a.txt', 'A'],
      ['b/c.txt', 'C'],
    ]);
  });
});
