import type { Flink } from './flink.ts';
import type { JobSpec } from './job.ts';
import { submit } from './lifecycle.ts';

/**
 * Two jobs of one id in two clusters, of which one completes checkpoints and the other none: they share the base path
 * of their changelogs; or the one's folder looks like entropy of the other.
 */
export type Twins = 'changelog' | 'entropy';

const JOB_ID = '7700aa00f38e9d60efc7468a374aec04';

const USUAL: Omit<JobSpec, 'layout' | 'cluster' | 'backend' | 'keepsOnCancel'> = {
  jobId: JOB_ID,
  retained: 1,
  concurrent: 1,
  sink: false,
  misplaces: false,
};

const PAIRS: Readonly<Record<Twins, readonly [well: JobSpec, other: JobSpec]>> = {
  changelog: [
    { ...USUAL, layout: 'own', cluster: 1, backend: 'changelog', keepsOnCancel: true },
    { ...USUAL, layout: 'own', cluster: 2, backend: 'changelog', keepsOnCancel: true },
  ],
  entropy: [
    { ...USUAL, layout: 'entropy', cluster: 1, backend: 'rocksdb', keepsOnCancel: true },
    { ...USUAL, layout: 'own', cluster: 3, backend: 'forst', keepsOnCancel: true },
  ],
};

/** @returns what happened. */
export function submitTwins(flink: Flink, twins: Twins): string {
  const [spec, otherSpec] = PAIRS[twins];
  const well = submit(flink, spec, null, null);
  const other = submit(flink, otherSpec, null, null);
  other.isStuck = true;
  flink.failing.add(other);
  for (const job of [well, other]) {
    flink.lasting.add(job);
  }
  return `Two jobs of the id ${JOB_ID} start`;
}
