import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AUDITED, jobFolder, putJob, WRITTEN } from './audited.ts';
import { NODES, type StrangersFolder, useStrangersFolders } from './installed.ts';

const makeFolder = useStrangersFolders();
const makeDirectory = useTempDirectories();
const serve = useEmbeddedS3();

describe.each(NODES)('The command, installed on Node %s', (node) => {
  let folder: StrangersFolder;

  beforeAll(async () => {
    folder = await makeFolder(node);
    await folder.install(inject('tarball'));
  });

  it('brings nothing else, and says its version', async () => {
    // Act
    const version = await folder.runCommand('steward', '--version');

    // Assess
    const { version: packed } = JSON.parse(
      await readFile(join(folder.path, 'node_modules/flink-steward/package.json'), 'utf8'),
    );
    expect((await readdir(join(folder.path, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
      'flink-steward',
    ]);
    expect(version).toEqual({ status: 0, out: `${packed}\n`, err: '' });
    expect((await folder.runNode('--version')).out.split('.')[0]).toBe(
      node === '24' ? 'v24' : `v${process.versions.node.split('.')[0]}`,
    );
  });

  it('runs by npx, under the name of the package', async () => {
    const elsewhere = await makeFolder(node);
    const { status, out } = await elsewhere.npx(`file:${inject('tarball')}`, 'audit', '--help');
    expect(status).toBe(0);
    expect(out).toMatch(/^Usage: steward audit /);
    expect(await readdir(elsewhere.path)).toEqual(['package.json']);
  });

  it('audits a directory, and writes the page', async () => {
    // Prepare
    const directory = await makeDirectory(jobFolder());

    // Act
    const args = ['audit', directory, '--as', 's3://bucket', '--json', '--html', 'report.html'];
    const { status, out, err } = await folder.runCommand('steward', ...args);

    // Assess
    expect({ status, err }).toEqual({ status: 0, err: WRITTEN });
    expect(JSON.parse(out)).toMatchObject(AUDITED);
    expect(await readFile(join(folder.path, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('audits a bucket', async () => {
    // Prepare
    const { s3 } = await serve();
    putJob(s3);

    // Act
    const reach = ['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style'];
    const { status, out } = await folder.runCommand('steward', 'audit', `s3://${BUCKET}/flink`, ...reach, '--json');

    // Assess
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject(AUDITED);
  });
});
