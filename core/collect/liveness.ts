import type { Area } from '../area/area.ts';
import { classifyDirectory } from '../flink/layout.ts';
import { METADATA_NAME } from '../flink/names.ts';
import type { RunningJob } from '../flink/running-job.ts';
import { parseFlinkPath, placeOf } from '../flink/state-path.ts';
import { baseId } from './rootless-directories.ts';

/**
 * What Flink itself reports about running jobs, for this area. It can only keep more: a job that no cluster knows
 * of may be suspended, between two deployments, or in a cluster that nobody named.
 */

/** A running job, and the cluster that reports it. */
export interface ReportedJob extends RunningJob {
  /** The address of the cluster. */
  readonly cluster: string;
}

/** A cluster that did not report which jobs it runs. */
export interface SilentCluster {
  readonly cluster: string;
  /** A sentence without its beginning and its full stop. */
  readonly why: string;
}

/** Where a checkpoint or savepoint that Flink names lies. */
export type SnapshotPlace =
  | {
      readonly within: 'area';
      readonly location: number;
      /** Whole key prefix, with a closing slash. */
      readonly directory: string;
      readonly url: string;
      /** Who owns what lies there, as `Owners` count. */
      readonly ownerId: string;
    }
  | { readonly within: 'declared' | 'elsewhere' };

/** A job, and the snapshot that it may still need because it has completed no checkpoint since. */
export interface NeededSnapshot {
  readonly job: ReportedJob;
  readonly path: string;
  readonly place: SnapshotPlace;
}

/** What the Flink clusters report about running jobs. It can only keep more. */
export class Liveness {
  readonly jobs: readonly ReportedJob[];
  readonly silent: readonly SilentCluster[];
  /** What running jobs were restored from and may still need, in the area or not. */
  readonly needed: readonly NeededSnapshot[];
  /**
   * Of {@link needed}, the directories in the area: URLs as the area writes them, with a closing slash. Their roots
   * must not be retired: a job that was restored with NO_CLAIM names nothing of them and falls back on them when it
   * fails.
   */
  readonly restoredFrom: ReadonlySet<string>;
  /**
   * Jobs that may be restored, now or in a moment, from a snapshot that they do not name yet. While there is one,
   * no root is known to be free.
   */
  readonly restoreUnknown: readonly ReportedJob[];
  readonly #area: Area | null;

  constructor(area: Area | null, jobs: readonly ReportedJob[], silent: readonly SilentCluster[] = []) {
    this.#area = area;
    this.jobs = jobs;
    this.silent = silent;
    this.needed = jobs.flatMap((job) => {
      const path = job.completedCheckpoints > 0 ? null : (job.restoredFrom?.path ?? null);
      return path === null ? [] : { job, path, place: this.placeOf(path) };
    });
    this.restoredFrom = new Set(this.needed.flatMap(({ place }) => (place.within === 'area' ? place.url : [])));
    this.restoreUnknown = jobs.filter(
      ({ completedCheckpoints, restoreKnown }) => completedCheckpoints === 0 && !restoreKnown,
    );
  }

  /**
   * Tells which jobs run for an owner. Where the path tells the job, those of its id. Where it does not
   * (`create-subdir: false`), those whose checkpoints or whose restored snapshot lie there, and every job that could
   * as well write there, because nothing shows where it does.
   *
   * @param owners ids of all owners.
   */
  runningFor(owners: ReadonlySet<string>): (owner: string, job: string | null) => readonly ReportedJob[] {
    const byJob = new Map<string, ReportedJob[]>();
    for (const job of this.jobs) {
      byJob.set(job.jobId, [...(byJob.get(job.jobId) ?? []), job]);
    }
    const placed = this.jobs.map((job) => {
      const from = job.restoredFrom?.path;
      return {
        job,
        isAnywhere: !owners.has(job.jobId) && job.completedPaths.length === 0,
        places: new Set([...job.completedPaths, ...(from ? [from] : [])].map((path) => this.#ownerOf(path))),
      };
    });
    return (owner, job) =>
      job === null
        ? placed.filter(({ isAnywhere, places }) => isAnywhere || places.has(owner)).map((known) => known.job)
        : (byJob.get(job) ?? []);
  }

  #ownerOf(path: string): string | null {
    const place = this.placeOf(path);
    return place.within === 'area' ? place.ownerId : null;
  }

  /** @param path of the directory that holds a `_metadata`, or of that itself, as Flink writes it. */
  placeOf(path: string): SnapshotPlace {
    const parsed = parseFlinkPath(path);
    if (parsed === null || this.#area === null) {
      return { within: 'elsewhere' };
    }
    const { store, key } = placeOf(parsed);
    const last = key.slice(key.lastIndexOf('/') + 1);
    const root = last === METADATA_NAME ? key : `${key}${key === '' ? '' : '/'}${METADATA_NAME}`;
    const found = this.#area.locate({ store, key: root });
    if (found.within !== 'area') {
      return found;
    }
    const { location } = found;
    const directory = found.key.slice(0, -METADATA_NAME.length);
    const { job, base } = classifyDirectory(directory);
    return {
      within: 'area',
      location,
      directory,
      url: this.#area.url(location, directory),
      ownerId: job ?? baseId(location, base),
    };
  }
}

/** Where no cluster was asked. */
export const NO_LIVENESS = new Liveness(null, []);
