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
 * and that names three fifths of the job's files. In a second bucket, half of the objects are a copy of the other half, so
 * that the rule on names has a namesake for every file that is named.
 *
 * usage: tsx tools/bench/memory.ts [OBJECTS…]    (default: 1000000; 10000000 takes minutes, and 3 GB for the server)
 */

const OBJECTS_OF_A_JOB = 2_500;
const USUAL_OBJECTS = 1_000_000;

export interface MemoryFigures {
  readonly objects: number;
  readonly roots: number;
  /** Objects that a root names: their names are in the filter of the rule on names. */
  readonly named: number;
  /** Objects that are kept because they bear such a name. */
  readonly namesakes: number;
  readonly 'peak MiB': number;
  readonly 'wall, s': number;
  readonly 'CPU, s': number;
  readonly 'objects per CPU s': number;
}

/** @param objects of the bucket. @param replica whether half of them are a copy of the other half */
export async function benchMemory(objects: number, replica = false): Promise<MemoryFigures> {
  const jobs = Math.max(1, Math.round(objects / OBJECTS_OF_A_JOB / (replica ? 2 : 1)));
  const server = await startBenchServer({ objects, jobs, replica });
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
    const namesakes = decidedBy('copy');
    const roots = decidedBy('root');
    const isWhole = judged === objects && roots === (replica ? 2 * jobs : jobs) && undecidable.length === 0;
    if (!isWhole || named < objects / (replica ? 4 : 2) || (replica ? namesakes < named * 0.9 : namesakes > 0)) {
      throw new Error(
        `steward plan judged ${judged} of ${objects} objects, and found ${named} named and ${namesakes} with such a name.`,
      );
    }
    return {
      objects,
      roots,
      named,
      namesakes,
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
    console.table([await benchMemory(objects), await benchMemory(objects, true)]);
  }
}
