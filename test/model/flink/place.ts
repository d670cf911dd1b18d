import type { Chance } from '../chance.ts';
import type { Cluster, JobSpec } from './job.ts';

const FOLDERS: Readonly<Record<Cluster, string>> = { 1: 'flink/cp/', 2: 'flink/team2/cp/', 3: 'prod/entropic/x/' };

/** Where a job writes what, in each layout of a bucket. */
export class Place {
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Where its `chk-N/` with their `_metadata` lie. */
  checkpointsOf({ layout, cluster, jobId }: JobSpec): string {
    switch (layout) {
      case 'own':
        return `${FOLDERS[cluster]}${jobId}/`;
      case 'flat':
        return 'flat/cp/';
      case 'entropy':
        return `entropic/x/${jobId}/`;
    }
  }

  /** Where a data file of it lies; with entropy each file gets a folder of its own. */
  data(spec: JobSpec, below: string): string {
    if (spec.layout === 'entropy') {
      const entropy = Array.from({ length: 4 }, () => this.#chance.pick(['a', 'Q', '7', 'z'])).join('');
      return `${entropy}/entropic/x/${spec.jobId}/${below}`;
    }
    return `${this.checkpointsOf(spec)}${below}`;
  }

  /** The changelog has a job directory of its own in every layout. */
  changelog({ jobId }: JobSpec): string {
    return `flink/changelog/${jobId}/dstl/`;
  }

  merged(spec: JobSpec): string {
    return `${this.checkpointsOf(spec)}shared/job_${spec.jobId}_op_20ba6b65f97481d5570070de90e4e791_0_2/`;
  }

  savepoint({ jobId }: JobSpec, random: string): string {
    return `flink/sp/savepoint-${jobId.slice(0, 6)}-${random.slice(-12)}/`;
  }
}
