import type { Liveness, ReportedJob } from './liveness.ts';
import type { Owner } from './owners.ts';
import type { Root } from './roots.ts';
import type { Undecidable } from './undecidable.ts';

/** What must be reported of the answers of the clusters, and of clusters that did not answer. */

/**
 * Clusters that did not answer. A job directory does not show which cluster its job runs in, so any job of the area
 * may run there, and the whole area is undecidable.
 */
export function silentClusters({ silent }: Liveness): readonly Undecidable[] {
  return silent.map(({ cluster, why }) => ({
    code: 'flink-unreachable',
    object: cluster,
    sentence: `${cluster} (flinkRest) did not report which jobs run: ${why}. Any job of this area may be running there, so nothing in this area is deleted; make it reachable, or remove it from flinkRest, then run again`,
  }));
}

/**
 * Jobs that went on from a snapshot of the area and complete their checkpoints outside of it. Restored with CLAIM or
 * LEGACY, those checkpoints name files in the area for as long as RocksDB keeps them, and this survey does not see
 * them. A place that the operator declared as foreign is known.
 */
export function missingLocations(liveness: Liveness): readonly Undecidable[] {
  return liveness.jobs.flatMap((job) => {
    const from = job.restoredFrom?.path;
    if (!from || liveness.placeOf(from).within !== 'area') {
      return [];
    }
    const [path] = completedElsewhere(liveness, job);
    return path === undefined
      ? []
      : {
          code: 'missing-location',
          object: path,
          sentence: `${nameOf(job)} was restored from ${from}, but completes its checkpoints outside this area: ${path}. Those checkpoints may reference files of this area and are not scanned, so nothing in this area is deleted. Add their location to the area, or its other name to aliases; if none of them can need a file of this area, declare it: outside in steward.json`,
        };
  });
}

/** What is worth knowing and forbids nothing. @param roots all that were seen in this run. */
export function livenessNotes(
  liveness: Liveness,
  roots: readonly Root[],
  owners: { readonly all: readonly Owner[] },
): readonly string[] {
  const found = new Set(
    roots.filter(({ state }) => state !== 'vanished').map(({ location, directory }) => `${location}:${directory}`),
  );
  const here = new Set(owners.all.flatMap(({ running }) => running));
  const needed = liveness.needed.flatMap(({ job, path, place }) => {
    if (place.within === 'area' && !found.has(`${place.location}:${place.directory}`)) {
      return [
        `${nameOf(job)} was restored from ${path} and has completed no checkpoint since, but that checkpoint or savepoint no longer exists. If the job fails now, it can't be restored: take a savepoint soon.`,
      ];
    }
    return place.within === 'elsewhere' && here.has(job)
      ? [
          `${nameOf(job)} was restored from ${path}, which is not in this area. If jobs share state between it and this area, add it to the area; if not, declare it: outside in steward.json.`,
        ]
      : [];
  });
  const elsewhere = owners.all.flatMap(({ job: id, running }) =>
    (id === null ? [] : running).flatMap((job) =>
      completedElsewhere(liveness, job)
        .slice(0, 1)
        .map(
          (path) =>
            `${nameOf(job)} completes its checkpoints outside this area, at ${path}, although this area has a directory of that job id. If both are the same bucket or directory, set its other name: aliases in steward.json.`,
        ),
    ),
  );
  return [...needed, ...elsewhere];
}

/** The sentence about a declaration that Flink contradicts. */
export function contradiction({ jobId, state, cluster, name }: ReportedJob): string {
  return `Job ${jobId} is declared dead, but ${cluster} reports it as ${state} ("${name}"), so the declaration has no effect. Remove it from deadJobs in steward.json.`;
}

function completedElsewhere(liveness: Liveness, { completedPaths }: ReportedJob): readonly string[] {
  return completedPaths.filter((path) => liveness.placeOf(path).within === 'elsewhere');
}

function nameOf({ jobId, name, cluster }: ReportedJob): string {
  return name === jobId ? `Job ${jobId} (${cluster})` : `Job ${jobId} ("${name}", ${cluster})`;
}
