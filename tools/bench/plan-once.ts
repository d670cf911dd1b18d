import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlanReport } from '#operations/plan/plan.ts';
import type { BenchServer } from './bench-server.ts';
import { measureProcess, PEAK } from './measured-process.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
/** Where {@link buildCommand} puts it. */
export const BUILT_COMMAND = join(TOP, 'dist', 'bench', 'steward.mjs');

export interface PlanMeasurement {
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
  readonly peakMiB: number;
}

/** Bundles the command as `npm run build` does, next to its output. */
export function buildCommand(): void {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'cli/build.ts', BUILT_COMMAND], {
    cwd: TOP,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The command can't be built:\n${stderr}`);
}

/** The whole `steward plan` over a bucket: its roots read and every object judged. */
export function planOnce({ url, bucket }: BenchServer, objects: number): PlanMeasurement {
  const plan = [BUILT_COMMAND, 'plan', `s3://${bucket}`, '--endpoint', url, '--path-style', '--assume-quarantined'];
  // Beside the bundle there is no steward.json.
  const { wall, cpu, status, stdout, stderr } = measureProcess(
    [process.execPath, '--import', PEAK, ...plan, '--json'],
    dirname(BUILT_COMMAND),
  );
  const peak = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
  const { reasons, undecidable } = JSON.parse(stdout) as PlanReport;
  const judged = reasons.reduce((sum, reason) => sum + reason.objects, 0);
  // 1: a plan that would delete more than a third trips a breaker.
  if (!(status === 0 || status === 1) || undecidable.length > 0 || judged !== objects || Number.isNaN(peak)) {
    throw new Error(`steward plan ended with ${status} over ${judged} of ${objects} objects:\n${stderr.slice(-2_000)}`);
  }
  return { wall, cpu, peakMiB: Math.round(peak / 1024) };
}
