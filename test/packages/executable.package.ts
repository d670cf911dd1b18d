import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AUDITED, jobFolder, putJob, WRITTEN } from './audited.ts';
import type { Ended } from './installed.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const CREDENTIALS = ['AWS_ACCESS_KEY_ID=a', 'AWS_SECRET_ACCESS_KEY=b'];

const makeDirectory = useTempDirectories();
const serve = useEmbeddedS3();
const elsewhere = mkdtempSync(join(tmpdir(), 'flink-steward-executable-'));
const EXECUTABLE = join(elsewhere, 'steward-linux-x64');

beforeAll(async () => {
  execFileSync(process.execPath, ['--import', 'tsx', 'tools/package/package.ts', 'executable'], { cwd: TOP });
  // Away from all that it might find beside itself.
  await copyFile(join(TOP, 'dist/package/steward-linux-x64'), EXECUTABLE);
});

afterAll(() => {
  rmSync(elsewhere, { recursive: true, force: true });
});

/** With no environment but these assignments: no PATH, no HOME, no Node. */
async function run(cwd: string, args: readonly string[], environment: readonly string[] = []): Promise<Ended> {
  return await new Promise((resolve) => {
    execFile('/usr/bin/env', ['-i', ...environment, EXECUTABLE, ...args], { cwd }, (error, out, err) =>
      resolve({ status: error === null ? 0 : (error.code ?? 'killed'), out, err }),
    );
  });
}

describe('The executable, in an empty environment', () => {
  it('says its version, and its usage without a word of Node', async () => {
    // Prepare
    const { version } = JSON.parse(await readFile(`${TOP}package.json`, 'utf8'));

    // Act
    const told = await run('/', ['--version']);
    const usage = await run('/', ['--help']);

    // Assess
    expect(told).toEqual({ status: 0, out: `${version}\n`, err: '' });
    expect({ status: usage.status, err: usage.err }).toEqual({ status: 0, err: '' });
    expect(usage.out).toMatch(/^Usage: steward /);
  });

  it('audits a directory, and writes the page that it contains', async () => {
    // Prepare
    const cwd = await makeDirectory(jobFolder());

    // Act
    const args = ['audit', '.', '--as', 's3://bucket', '--json', '--html', 'report.html'];
    const { status, out, err } = await run(cwd, args);

    // Assess
    expect({ status, err }).toEqual({ status: 0, err: WRITTEN });
    expect(JSON.parse(out)).toMatchObject(AUDITED);
    const page = await readFile(join(cwd, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('"label":"');
  });

  it('audits a bucket', async () => {
    // Prepare
    const { s3 } = await serve();
    putJob(s3);

    // Act
    const reach = ['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style'];
    const { status, out } = await run('/', ['audit', `s3://${BUCKET}/flink`, ...reach, '--json'], CREDENTIALS);

    // Assess
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject(AUDITED);
  });

  it('ends with a sentence and a status of its own for a mistake', async () => {
    const ended = await run('/', ['audit', 'none']);
    expect(ended).toEqual({
      status: 2,
      out: '',
      err: "The folder '/none' does not exist. Check the path, and that its file system is mounted. A bucket is written as s3://bucket/prefix.\n",
    });
  });
});
