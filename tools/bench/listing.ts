import { fileURLToPath } from 'node:url';
import { startBenchServer } from './bench-server.ts';
import { measureProcess } from './measured-process.ts';
import { type Lister, otherListers } from './other-listers.ts';
import { ownListers } from './own-listers.ts';
import { peakMemory } from './peak-memory.ts';
import type { Row } from './performance-page.ts';
import { buildCommand, type PlanMeasurement, planOnce } from './plan-once.ts';

/** Milliseconds that each request takes longer. */
const LATENCIES = [0, 60];
const OBJECTS_OF_A_JOB = 5_000;
const USUAL_OBJECTS = 200_000;
const ENOUGH_SECONDS = 6;

/** All that was measured, for a page. */
export interface Listed {
  readonly lists: readonly Row[];
  readonly plans: readonly Row[];
}

interface Result {
  readonly name: string;
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
}

/**
 * Lists generated buckets of the embedded S3 with the steward's lister, with the SDK's paginator, and with obstore, s5cmd and
 * rclone where they can be had; then plans the same bucket. Each is a process of its own, its start included, and the
 * server is another one. What is told of the others is how many times the steward's time they take.
 *
 * usage: tsx tools/bench/listing.ts [OBJECTS…]
 */
export async function benchListing(sizes: readonly number[]): Promise<Listed> {
  const listed = { lists: [] as Row[], plans: [] as Row[] };
  buildCommand();
  const listers = [...ownListers(), ...otherListers()];
  for (const objects of sizes) {
    const jobs = Math.max(1, Math.round(objects / OBJECTS_OF_A_JOB));
    const server = await startBenchServer({ objects, jobs });
    const listAll = () => listers.map((lister) => list(lister, server.url, server.bucket, objects));
    try {
      // Not timed: the server builds the pages that are asked for, and whoever came first would wait for that.
      const peaks = listers.map(({ command }) => peakMemory(command(server.url, server.bucket)));
      for (const latency of LATENCIES) {
        await server.setLatency(latency);
        console.log(`\n${objects} objects of ${jobs} jobs, ${latency} ms a request:`);
        const lists = listAll();
        const rows = listRows(lists, peaks, objects);
        console.table(rows);
        const plan = planRow(planOnce(server, objects), lists);
        console.table([plan]);
        const where = { objects, 'ms a request': latency };
        listed.lists.push(...rows.map((row) => ({ ...where, ...row })));
        listed.plans.push({ ...where, ...plan });
      }
    } finally {
      server.stop();
    }
  }
  return listed;
}

/** Of one that is quick the mean of several: what else the machine does in one second would weigh too much. */
function list(lister: Lister, url: string, bucket: string, objects: number): Result {
  const runs: Result[] = [];
  do {
    runs.push(listOnce(lister, url, bucket, objects));
  } while (sum(runs, 'wall') < ENOUGH_SECONDS);
  return { name: lister.name, wall: sum(runs, 'wall') / runs.length, cpu: sum(runs, 'cpu') / runs.length };
}

function listOnce({ name, command, count }: Lister, url: string, bucket: string, objects: number): Result {
  const { wall, cpu, status, stdout, stderr } = measureProcess(command(url, bucket));
  const listed = count(stdout);
  if (status !== 0 || listed !== objects) {
    throw new Error(`${name} ended with ${status} after ${listed} of ${objects} objects:\n${stderr.slice(-2_000)}`);
  }
  return { name, wall, cpu };
}

function sum(results: readonly Result[], what: 'wall' | 'cpu'): number {
  return results.reduce((total, result) => total + result[what], 0);
}

function listRows(results: readonly Result[], peaks: readonly (number | null)[], objects: number): readonly Row[] {
  const [own] = results;
  return results.map(({ name, wall, cpu }, at) => ({
    lister: name,
    'wall, s': rounded(wall),
    'CPU, s': rounded(cpu),
    'keys per CPU s': Math.round(objects / cpu),
    'wall of steward ×': rounded(wall / (own?.wall ?? wall)),
    'CPU of steward ×': rounded(cpu / (own?.cpu ?? cpu)),
    'peak MiB': peaks[at] ?? '?',
  }));
}

/** Against the bare listing of s5cmd, or of the SDK where that is not to be had. */
function planRow({ wall, cpu, peakMiB }: PlanMeasurement, results: readonly Result[]): Row {
  const bare = results.find(({ name }) => name === 's5cmd') ?? results.find(({ name }) => name === 'SDK paginator');
  return {
    'the whole': 'steward plan',
    'wall, s': rounded(wall),
    'CPU, s': rounded(cpu),
    'peak MiB': peakMiB,
    'against the bare listing of': bare?.name ?? '',
    'of its wall': rounded(wall / (bare?.wall ?? Number.NaN)),
    'of its CPU': rounded(cpu / (bare?.cpu ?? Number.NaN)),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = process.argv.slice(2).map(Number);
  await benchListing(sizes.length === 0 ? [USUAL_OBJECTS] : sizes);
}
