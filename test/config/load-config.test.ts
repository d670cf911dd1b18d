import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, loadConfigAsWritten } from '#config/load-config.ts';
import { defaultConfig } from '#config/steward-config.ts';

let cwd = '';

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'steward-config-'));
});

afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

describe('loadConfig', () => {
  it('takes the defaults where no file is named and none is there', async () => {
    expect(await loadConfig(undefined, cwd)).toEqual(defaultConfig());
  });

  it('finds steward.json in the working directory', async () => {
    await writeFile(join(cwd, 'steward.json'), '{"deadJobs": [], "area": ["checkpoints"]}');

    const config = await loadConfig(undefined, cwd);

    expect(config.area).toEqual([{ kind: 'directory', path: join(cwd, 'checkpoints') }]);
  });

  it('resolves directories against the folder of the file, and leaves buckets alone', async () => {
    await mkdir(join(cwd, 'etc'));
    await writeFile(
      join(cwd, 'etc', 'mine.json'),
      '{"area": ["../a", "/b", {"path": "./copy", "as": "file:///opt"}, "s3://bucket/x/../y"]}',
    );

    const config = await loadConfig('etc/mine.json', cwd);

    expect(config.area).toEqual([
      { kind: 'directory', path: join(cwd, 'a') },
      { kind: 'directory', path: '/b' },
      { kind: 'directory', path: join(cwd, 'etc', 'copy'), as: 'file:///opt' },
      { kind: 's3', url: 's3://bucket/x/../y' },
    ]);
  });

  it.each([
    ['memory', 'etc/memory'],
    ['../memory', 'memory'],
    ['s3://my-ledger/flink', null],
  ])('resolves the ledger %s against the folder of the file, if it is a directory', async (ledger, directory) => {
    await mkdir(join(cwd, 'etc'));
    await writeFile(join(cwd, 'etc', 'mine.json'), JSON.stringify({ ledger }));

    const config = await loadConfig('etc/mine.json', cwd);

    expect(config.ledger).toBe(directory === null ? ledger : join(cwd, directory));
  });

  it('reads a file that begins with a byte order mark', async () => {
    await writeFile(join(cwd, 'steward.json'), '\uFEFF{"area": ["s3://b"]}');

    expect((await loadConfig(undefined, cwd)).area).toEqual([{ kind: 's3', url: 's3://b' }]);
  });

  it('refuses a named file that is missing', async () => {
    await expect(loadConfig('gone.json', cwd)).rejects.toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: 'gone.json: there is no such file, so nothing is done. Check the path after --config.',
      }),
    );
  });

  it('refuses a steward.json that it cannot read rather than go on with the defaults', async () => {
    await mkdir(join(cwd, 'steward.json'));

    await expect(loadConfig(undefined, cwd)).rejects.toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message:
          "steward.json: the configuration can't be read (it is a directory), so nothing is done. Give the path of a readable file to --config.",
      }),
    );
  });

  it('refuses a path that runs through a file', async () => {
    await writeFile(join(cwd, 'file'), '');

    await expect(loadConfig('file/steward.json', cwd)).rejects.toThrow(
      /^file\/steward\.json: the configuration can't be read \(.*ENOTDIR.*\), so nothing is done\./,
    );
  });

  it.each([
    [
      'UTF-16, little end first',
      Buffer.from('\uFEFF{"area": ["s3://b"], "labels": [{"path": "注文", "job": "é"}]}', 'utf16le'),
    ],
    [
      'UTF-16, big end first',
      Buffer.from('\uFEFF{"area": ["s3://b"], "labels": [{"path": "注文", "job": "é"}]}', 'utf16le').swap16(),
    ],
  ])('reads %s, with its byte order mark', async (_, bytes) => {
    await writeFile(join(cwd, 'steward.json'), bytes);

    const { area, labels } = await loadConfig(undefined, cwd);

    expect({ area, labels }).toEqual({ area: [{ kind: 's3', url: 's3://b' }], labels: [{ path: '注文', job: 'é' }] });
  });

  it.each([
    ['Latin-1', Buffer.from('{"labels": [{"path": "x", "job": "é"}]}', 'latin1')],
    ['UTF-16 of half a character', Buffer.from('\uFEFF{"ledger": "\uD800"}', 'utf16le')],
    ['UTF-16 that breaks off', Buffer.from('\uFEFF{}', 'utf16le').subarray(0, 5)],
    ['UTF-32', Buffer.from('\uFEFF\0{\0}\0', 'utf16le')],
  ])('refuses %s', async (_, bytes) => {
    await writeFile(join(cwd, 'steward.json'), bytes);

    await expect(loadConfig(undefined, cwd)).rejects.toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: 'steward.json: the file is not UTF-8 text, so it is refused. Save it as UTF-8.',
      }),
    );
  });

  it('names the file as it was given where its content is refused', async () => {
    await writeFile(join(cwd, 'x.json'), '{"colect": 1}');

    await expect(loadConfig('./x.json', cwd)).rejects.toThrow(/^\.\/x\.json:1:2: colect is not a known key/);
  });
});

describe('loadConfigAsWritten', () => {
  it('gives what stands in the file, without its comments', async () => {
    await writeFile(join(cwd, 'steward.json'), '{ // Ours.\n "area": ["s3://b"], "collect": {"minAge": "1d",}, }');

    expect(await loadConfigAsWritten(undefined, cwd)).toEqual({ area: ['s3://b'], collect: { minAge: '1d' } });
  });

  it('gives nothing where there is no file', async () => {
    expect(await loadConfigAsWritten(undefined, cwd)).toEqual({});
  });

  it('refuses what loadConfig refuses', async () => {
    await writeFile(join(cwd, 'steward.json'), '{\n "colect": 1 }');

    await expect(loadConfigAsWritten(undefined, cwd)).rejects.toThrow(/^steward\.json:2:2: colect is not a known key/);
  });
});
