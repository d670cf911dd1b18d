import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlanReport } from '#operations/plan/plan.ts';
import { startBenchServer } from './bench-server.ts';
import { measureProcess, PEAK } from './measured-process.ts';
import { BUILT_COMMAND, buildCommand } from './plan-once.ts';

/**
 * The peak of memory of the whole `steward plan`, with the verdicts on all objects and the plan written to files: the
 * bundled command in a process of its own, the embedded S3 in another one. Every job has a checkpoint that can be read
 * and that names three fifths of the job's files.
 *
 * usage: tsx tools/bench/memory.ts [OBJECTS…]    (default: 1000000; 10000000 takes minutes, and 3 GB for the server)
 */

const OBJECTS_OF_A_JOB = 2_500;
const USUAL_OBJECTS = 1_000_000;

export interface MemoryFigures {
  readonly objects: number;
  readonly roots: number;
  /** Objects that a root names. */
  readonly named: number;
  readonly 'peak MiB': number;
  readonly 'wall, s': number;
  readonly 'CPU, s': number;
  readonly 'objects per CPU s': number;
}

/** @param objects of the bucket. */
export async function benchMemory(objects: number): Promise<MemoryFigures> {
  const jobs = Math.max(1, Math.round(objects / OBJECTS_OF_A_JOB));
  const server = await startBenchServer({ objects, jobs });
  const folder = mkdtempSync(join(tmpdir(), 'flink-steward-memory-'));
  try {
    const { wall, cpu, status, stdout, stderr } = measureProcess(
      [
        ...[process.execPath, '--import', PEAK, BUILT_COMMAND, 'plan', `s3://${server.bucket}`],
        ...['--endpoint', server.url, '--path-style', '--assume-quarantined', '--json'],
        ...['--verdicts', 'verdicts', '--out', 'plan'],
      ],
      folder,
    );
    const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
    // 1: a plan that would delete more than a third trips a breaker.
    if (status !== 1 || Number.isNaN(peak) || statSync(join(folder, 'verdicts')).size === 0) {
      throw new Error(`steward plan ended with ${status}:\n${stderr.slice(-2_000)}`);
    }
    const { reasons, undecidable } = JSON.parse(stdout) as PlanReport;
    const decidedBy = (rule: string): number => reasons.find((reason) => reason.rule === rule)?.objects ?? 0;
    const judged = reasons.reduce((sum, reason) => sum + reason.objects, 0);
    const named = decidedBy('named-by-root');
    if (judged !== objects || decidedBy('root') !== jobs || named < objects / 2 || undecidable.length > 0) {
      throw new Error(`steward plan judged ${judged} of ${objects} objects, and called ${named} of them named.`);
    }
    return {
      objects,
      roots: jobs,
      named,
      'peak MiB': Math.round(peak / 1024),
      'wall, s': rounded(wall),
      'CPU, s': rounded(cpu),
      'objects per CPU s': Math.round(objects / cpu),
    };
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = process.argv.slice(2).map(Number);
  buildCommand();
  for (const objects of sizes.length === 0 ? [USUAL_OBJECTS] : sizes) {
    console.table([await benchMemory(objects)]);
  }
}
