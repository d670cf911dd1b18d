import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PEAK, SURROUNDINGS } from './measured-process.ts';

/**
 * The peak of memory of `steward plan` over a generated bucket of the embedded S3: the built command in a process of
 * its own, the server in another one. The checkpoints of that bucket can't be read, so no root names anything.
 *
 * usage: tsx bench/memory.ts [OBJECTS…]    (default: 1000000; build first; 10000000 takes minutes)
 */

const OBJECTS_OF_A_JOB = 2_500;
/** So that nothing is too young to be judged by the other rules. */
const AGE = 2 * 24 * 60 * 60 * 1_000;
const STATUS_OF_UNREADABLE_ROOTS = 3;
const COMMAND = fileURLToPath(new URL('../dist/cli/steward.mjs', import.meta.url));

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
  readonly bucket: string;
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000_000];
for (const objects of sizes) {
  const server = await startServer(objects);
  try {
    console.log(JSON.stringify(planOver(objects, server)));
  } finally {
    server.process.kill();
  }
}

function planOver(objects: number, { url, bucket }: Server): Record<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-memory-'));
  const begin = process.hrtime.bigint();
  try {
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--import', PEAK, COMMAND, 'plan', `s3://${bucket}`, '--endpoint', url, '--path-style'],
        ...['--assume-quarantined', '--verdicts', 'verdicts', '--out', 'plan'],
      ],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, ...SURROUNDINGS }, maxBuffer: 2 ** 28 },
    );
    const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
    if (status !== STATUS_OF_UNREADABLE_ROOTS || Number.isNaN(peak)) {
      throw new Error(`steward plan ended with ${status}:\n${stderr.slice(-2_000)}`);
    }
    return {
      objects,
      peakMiB: Math.round(peak / 1024),
      seconds: Math.round(Number(process.hrtime.bigint() - begin) / 1e8) / 10,
      verdictMiB: Math.round(statSync(join(folder, 'verdicts')).size / 2 ** 20),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startServer(objects: number): Promise<Server> {
  const main = fileURLToPath(new URL('../embedded-s3/main.ts', import.meta.url));
  const jobs = Math.max(1, Math.round(objects / OBJECTS_OF_A_JOB));
  const newest = new Date(Date.now() - AGE).toISOString();
  const server = spawn(
    process.execPath,
    ['--import', 'tsx', main, '--generate', String(objects), '--jobs', String(jobs), '--newest', newest],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: server.stdout })) {
    const { url, bucket } = JSON.parse(line) as { url: string; bucket: string };
    return { process: server, url, bucket };
  }
  throw new Error('The embedded S3 ended before it began.');
}
