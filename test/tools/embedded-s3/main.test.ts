import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf } from '#test/s3-contract/describe-s3.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function startMain(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/embedded-s3/main.ts', ...args], { cwd: TOP });
  started.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The process has no standard output to read.');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('The process ended without a line.');
}

describe('The embedded S3 as a process', () => {
  it('says where it is, serves, and ends when told to', async () => {
    // Prepare
    const child = startMain('--generate', '5000', '--jobs', '5', '--latency', '1');

    // Act
    const { url, bucket, objects } = JSON.parse(await firstLine(child));
    const page = await clientOf(url).send(new ListObjectsV2Command({ Bucket: bucket }));
    child.kill('SIGTERM');
    const [status] = await once(child, 'close');

    // Assess
    expect({ bucket, objects }).toEqual({ bucket: 'checkpoints', objects: 5_000 });
    expect(page.KeyCount).toBe(1_000);
    expect(status).toBe(0);
  });

  it('refuses what is no number', async () => {
    const child = startMain('--port', 'eighty');
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });

    const [status] = await once(child, 'close');

    expect(status).toBe(2);
    expect(said).toContain('--port takes a whole number, not "eighty".');
  });
});
