import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import { measureProcess, PEAK } from './measured-process.ts';

/**
 * Two runs of `steward collect` over a bucket of which two fifths are garbage: the first remembers it, the second
 * deletes it. The pace of deleting is set to the fastest that the configuration takes, which is what the second run's
 * time is made of.
 */

const COMMAND = fileURLToPath(new URL('../../dist/bench/steward.mjs', import.meta.url));
const OBJECTS_OF_A_JOB = 2_500;
const DELETES_A_SECOND = 3_000;
/** Longer than the quarantine below, and than twice the longest checkpoint of the bucket. */
const QUARANTINE_SERVED = 6_000;
const RULES = {
  collect: {
    checkpointTimeout: '1s',
    minAge: '1h',
    quarantine: '2s',
    maxDeleteFraction: 1,
    deletesPerSecond: DELETES_A_SECOND,
  },
};

export interface CollectingFigures {
  readonly run: string;
  readonly seconds: number;
  readonly 'CPU seconds': number;
  readonly 'peak MiB': number;
  readonly deleted: number;
}

export interface CollectingBench {
  readonly runs: readonly CollectingFigures[];
  /** Of both runs, by operation. */
  readonly requests: Readonly<Record<string, number>>;
}

/** @param objects of the bucket. */
export async function benchCollecting(objects: number): Promise<CollectingBench> {
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-collect-'));
  const server = serve(objects);
  try {
    const { url, bucket } = await server.line<{ url: string; bucket: string }>();
    writeFileSync(join(folder, 'steward.json'), JSON.stringify(RULES));
    const collect = [`s3://${bucket}`, '--endpoint', url, '--path-style', '--ledger', 'ledger', '--json'];
    const runs = [collectOnce('first: remember', collect, folder)];
    await sleep(QUARANTINE_SERVED);
    runs.push(collectOnce('second: delete', [...collect, '--execute'], folder));
    server.process.kill('SIGTERM');
    const { requests, left } = await server.line<{ requests: Record<string, number>; left: number }>();
    const deleted = runs[1]?.deleted ?? 0;
    // The marker has come, and nothing else may have gone.
    if (left !== objects - deleted + 1 || deleted === 0) {
      throw new Error(`Of ${objects} objects ${deleted} were deleted, and ${left} are left.`);
    }
    return { runs, requests };
  } finally {
    server.process.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function collectOnce(run: string, args: readonly string[], cwd: string): CollectingFigures {
  const { wall, cpu, status, stdout, stderr } = measureProcess(
    [process.execPath, '--import', PEAK, COMMAND, 'collect', ...args],
    cwd,
  );
  if (status !== 0) {
    throw new Error(`steward collect ended with ${status}:\n${stderr.slice(-2_000)}`);
  }
  const { deleted } = JSON.parse(stdout) as RunRecord;
  const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
  return { run, seconds: wall, 'CPU seconds': cpu, 'peak MiB': Math.round(peak / 1024), deleted: deleted.objects };
}

interface Server {
  readonly process: ChildProcess;
  line<T>(): Promise<T>;
}

function serve(objects: number): Server {
  const main = fileURLToPath(new URL('./serve-writable.ts', import.meta.url));
  const jobs = Math.max(1, Math.round(objects / OBJECTS_OF_A_JOB));
  const child = spawn(process.execPath, ['--import', 'tsx', main, String(objects), String(jobs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  return {
    process: child,
    line: async <T>() => {
      const { value, done } = await answers.next();
      if (done) {
        throw new Error('The embedded S3 ended before it had said what it had to say.');
      }
      return JSON.parse(value) as T;
    },
  };
}
