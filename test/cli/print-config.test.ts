import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#config/load-config.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

const COMMENTED = `{
  // Beside this file.
  "area": ["./copy", { "path": "mount", "as": "s3://my-bucket" }, "s3://b/flink",],
  "ledger": "memory",
  "collect": { "minAge": "1d", "quarantine": "1200m" }, /* as ever */
}`;

describe('steward --print-config', () => {
  it('prints the configuration that holds, with defaults and without comments', async () => {
    const cwd = await makeDirectory({ 'steward.json': COMMENTED });

    const ran = await steward(cwd, ['--print-config']);

    expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
    expect(documentOf(ran)).toMatchObject({
      area: [join(cwd, 'copy'), { path: join(cwd, 'mount'), as: 's3://my-bucket' }, 's3://b/flink'],
      ledger: join(cwd, 'memory'),
      mode: 'observe',
      collect: { minAge: '24h', quarantine: '20h', checkpointTimeout: '10m', deletesPerSecond: 1000 },
      signals: { growthHorizon: '14d', pausedFor: '24h' },
    });
  });

  it('prints what is a steward.json itself, with the same meaning wherever it lies', async () => {
    const [cwd, elsewhere] = [await makeDirectory({ 'steward.json': COMMENTED }), await makeDirectory({})];
    const { out } = await steward(cwd, ['--print-config']);
    await writeFile(join(elsewhere, 'steward.json'), out);

    expect(await loadConfig(undefined, elsewhere)).toEqual(await loadConfig(undefined, cwd));
    expect((await steward(elsewhere, ['--print-config'])).out).toBe(out);
  });

  it.each([
    ['before', ['--config', 'mine.json', '--print-config']],
    ['behind', ['--print-config', '--config', 'mine.json']],
  ])('takes the file of --config %s it', async (_, args) => {
    const cwd = await makeDirectory({ 'steward.json': '{}', 'mine.json': '{"mode": "collect"}' });

    expect(documentOf(await steward(cwd, args))).toMatchObject({ mode: 'collect' });
  });

  it('prints the defaults where there is no file', async () => {
    expect(documentOf(await steward(await makeDirectory({}), ['--print-config']))).toMatchObject({
      area: [],
      collect: { minAge: '24h' },
    });
  });

  it('warns beside the document of what is allowed but dangerous', async () => {
    const cwd = await makeDirectory({ 'steward.json': '{"collect": {"minAge": "30m"}}' });

    const ran = await steward(cwd, ['--print-config']);

    expect(ran.err).toMatch(/^Note: collect\.minAge is 30m, which is below 1h: /);
    expect(documentOf(ran)).toMatchObject({ collect: { minAge: '30m' } });
  });

  it('refuses what every command refuses, with the place of the key', async () => {
    const cwd = await makeDirectory({
      'steward.json': '{\n  // Too little.\n  "collect": {\n    "minAge": 24\n  }\n}',
    });

    const { status, out, err } = await steward(cwd, ['--print-config']);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^steward\.json:4:5: collect\.minAge is 24, so the file is refused\. /);
    expect((await steward(cwd, ['audit', 'copy'])).err).toBe(err);
  });

  it.each([
    ['audit', ['audit', '--print-config']],
    ['--html', ['--print-config', '--html', 'page.html']],
  ])('stands in place of a command, and so refuses %s', async (word, args) => {
    const { status, out, err } = await steward(await makeDirectory({}), args);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(
      `--print-config is used instead of a command and accepts only --config FILE, so ${word} is not allowed. Nothing was done. Remove one of the two.\n`,
    );
  });

  it('is what the help of the program tells of', async () => {
    expect((await steward('/', ['--help'])).out).toMatch(/^ {2}--print-config {2,}print the effective configuration/m);
    expect((await steward('/', ['--print-config', '--help'])).out).toMatch(/^ {2}--config <file> {2,}configuration/m);
  });
});
