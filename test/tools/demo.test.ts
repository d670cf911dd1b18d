import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { clientOf } from '#test/s3-contract/describe-s3.ts';
import { recordedBucket } from '#test/support/corpus.ts';
import { stretched } from '#tools/demo/stretched-bucket.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const DAY = 86_400_000;
const ORDERS = 'flink/checkpoints/euw1/9468946f38e9d60efc7468a374aec04f';

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** As `npm run demo -- ARGS` runs it, without npm. */
function demoProcess(...args: readonly string[]): ChildProcessWithoutNullStreams {
  // Whatever the surroundings say of AWS, the demo asks nobody but itself.
  const env = { ...process.env, NO_COLOR: '1', AWS_PROFILE: 'nobody', AWS_SESSION_TOKEN: 'nothing' };
  return spawn(process.execPath, ['--import', 'tsx', 'tools/demo/demo.ts', ...args], { cwd: TOP, env, stdio: 'pipe' });
}

async function runDemo(...args: readonly string[]): Promise<Ended> {
  const child = demoProcess(...args);
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, out, err };
}

/** The clock of the demo, to the second that it prints. */
function clockOf(out: string): number {
  const [, day, time] = /as of (\S+) (\S+) UTC/.exec(out) ?? [];
  return Date.parse(`${day}T${time}Z`);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

// Each run is a process of its own that compiles what it loads, which takes its time on a busy machine.
describe('The demo', () => {
  it('tells what a lifecycle rule breaks and when, what can be restored, and what could go', async () => {
    // Prepare
    const bucket = await recordedBucket('seed-bucket');
    const recorded = new Map(bucket.objects.map(({ key, mtime }) => [key, Date.parse(mtime)]));
    // Act
    const { status, out, err } = await runDemo();
    // Assess
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const timeOf = stretched(bucket, clockOf(out));
    const chk7 = bucket.roots.find(({ metadata }) => metadata === `${ORDERS}/chk-7/_metadata`);
    const oldest = Math.min(...(chk7?.refs ?? []).map((key) => timeOf(recorded.get(key) ?? Number.NaN)));
    const breaks = dayOf(Math.ceil((oldest + 7 * DAY) / DAY) * DAY);
    expect(out.replace(/\s+/g, ' ')).toContain(
      `Rule "expire-after-a-week" breaks 14 roots of 9 jobs: chk-7 of orders, the newest of its job, can lose its first object any day, due since ${breaks}: shared/426c7245… written ${dayOf(oldest)}`,
    );
    expect(out).toMatch(/^live +372 +5\.7 MB/m);
    expect(out).toMatch(/^delete +94 +512 kB/m);
    expect(out).toMatch(/^keep-young +9 /m);
    expect(out).toMatch(/^keep-in-progress +3 /m);
    expect(out).toContain('3 checkpoints or savepoints reference it.');
    expect(out).toContain(
      'flink run -s s3://fc-seed-bucket/flink/checkpoints/euw1/c1eb53423df759dcb1cdfc3c6af16ca6/chk-15',
    );
    expect(out).toContain('five seconds become a day');
    expect(out).toContain('Safe rules for s3://fc-seed-bucket:');
    expect(out).toContain('  - removed "expire-after-a-week": it deletes files that 14 roots need,');
    expect(out.split('\n').length).toBeLessThan(220);
    expect(out).toContain('The report was written to dist/demo-report.html. Open it in a browser:');
    const page = await readFile(new URL(/^file:\/\/\S+$/m.exec(out)?.[0] ?? ''), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('"label":"orders"');
  });

  it('serves the bucket for commands of others until it is told to stop', async () => {
    // Prepare
    const child = demoProcess('--serve');
    const ended = once(child, 'close');
    const lines = createInterface({ input: child.stdout ?? Readable.from([]) });
    let endpoint = '';
    let report = '';
    for await (const line of lines) {
      endpoint ||= / at (http:\/\/127\.0\.0\.1:\d+),/.exec(line)?.[1] ?? '';
      report ||= /open (http:\/\/127\.0\.0\.1:\d+\/) in a browser/.exec(line)?.[1] ?? '';
      // The last command that is printed.
      if (endpoint !== '' && line.startsWith('$ curl')) break;
    }
    // Act
    const client = clientOf(endpoint);
    const store = new S3Bucket({ client, bucket: 'fc-seed-bucket' });
    const keys: string[] = [];
    for await (const page of store.list({ prefix: '' })) keys.push(...page.map(({ key }) => key));
    const root = await store.read(`${ORDERS}/chk-7/_metadata`);
    const before = await fetch(report);
    const page = await before.text();
    await fetch(`${endpoint}/fc-seed-bucket/${ORDERS}/chk-7/_metadata`, { method: 'DELETE' });
    const after = await (await fetch(report)).text();
    const elsewhere = await fetch(`${report}other`);
    client.destroy();
    child.kill('SIGINT');
    const [status] = await ended;
    // Assess
    const recording = await recordedBucket('seed-bucket');
    expect(keys.sort()).toEqual(recording.objects.map(({ key }) => key).sort());
    expect(root).toMatchObject({ found: true, bytes: 6_736 });
    expect(before.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect([page, after].map((html) => /"restorePoints":(\d+),"undecidable"/.exec(html)?.[1])).toEqual(['14', '13']);
    expect(elsewhere.status).toBe(404);
    expect(status).toBe(0);
  });

  it('fails when it can not do its work', async () => {
    // Prepare
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    // Act
    const taken = await runDemo('--port', String(port));
    const wrong = await runDemo('--port', 'http');
    other.close();
    // Assess
    expect([taken.status, wrong.status]).toEqual([1, 1]);
    expect(taken.err).toContain('The demo failed: listen EADDRINUSE');
    expect(wrong.err).toContain('The demo failed: --port must be a number up to 65535, but is "http".');
  });
});
