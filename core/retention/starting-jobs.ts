import { isQuiet } from '../collect/cutoffs.ts';
import type { Evidence } from '../collect/evidence.ts';
import { lastCheckpoints, type Owner } from '../collect/owners.ts';
import { baseId } from '../collect/rootless-directories.ts';
import type { DirectoryRole } from '../flink/layout.ts';
import { usualInterval } from './usual-interval.ts';

/** Where a checkpoint directory that no job id names shows that jobs write there. */
const ROLES: ReadonlySet<DirectoryRole> = new Set(['checkpoint', 'shared', 'taskowned', 'merged', 'forst']);

/** A job that may have been started from a snapshot without saying so. */
export interface StartingJob {
  /** Its directory: a whole key prefix, empty at the top. */
  readonly directory: string;
  /** Its id, where the path tells it. */
  readonly job: string | null;
  /** Whether its directory holds checkpoints, of an earlier run under the same id. */
  readonly again: boolean;
}

/**
 * Jobs that write and have not completed a checkpoint since they were started. A job that was started with NO_CLAIM
 * needs the snapshot it was started from, any in the area, until its first checkpoint is complete; up to then no
 * `_metadata` says so. Where a directory of its job id holds roots, another one may still be another cluster's, and
 * the roots in its own may be of an earlier run: ids are fixed in application mode.
 *
 * None of them for longer than `deadAfter` after its last write, and none that is declared dead or whose files a
 * checkpoint of another job names that completed later: that one was started from it.
 */
export function startingJobs(evidence: Evidence): readonly StartingJob[] {
  const withoutJobId = new Set<string>();
  for (const { location, class: itsClass } of evidence.objects.directories()) {
    if (itsClass.job === null && ROLES.has(itsClass.role)) {
      withoutJobId.add(baseId(location, itsClass.base));
    }
  }
  const successors = new Successors(evidence);
  return evidence.owners.all
    .filter((owner) => !owner.declaredDead && (owner.job !== null || withoutJobId.has(owner.id)))
    .flatMap((owner) => [...first(owner, evidence, successors), ...again(owner, evidence, successors)]);
}

/** Its directories that hold no root. */
function first(owner: Owner, evidence: Evidence, successors: Successors): readonly StartingJob[] {
  const starting = (directory: string): StartingJob => ({ directory, job: owner.job, again: false });
  const isWritten = (lastWrite: number): boolean => !isQuiet({ ...owner, lastWrite }, evidence);
  // What held files or roots before is no new directory, whatever a successor's deletions leave in it.
  const markers = [...owner.markersAlone].filter(
    ([id, last]) => isWritten(last) && evidence.memory.remembered(...placeOfBase(id)) === null,
  );
  const bare = markers.map(([id]) => starting(placeOfBase(id)[1]));
  if (owner.holdsCheckpoints) {
    const written = [...owner.rootlessDirectories].filter(
      ([id, last]) => !owner.markersAlone.has(id) && isWritten(last) && !successors.tookDirectory(id, last),
    );
    return [...written.map(([id]) => starting(placeOfBase(id)[1])), ...bare];
  }
  const isStarting = isWritten(owner.lastWrite) && !successors.tookJob(owner, owner.lastWrite);
  return isStarting ? [starting(owner.base)] : bare;
}

/**
 * Its directories that hold roots, and to which it has gone on writing for longer than from one checkpoint to the next.
 *
 * Between two checkpoints it writes at most until the next one is due and has timed out. With one interval more, a
 * checkpoint that fails now and then stops no area of a thousand jobs.
 */
function again(owner: Owner, evidence: Evidence, successors: Successors): readonly StartingJob[] {
  const { start, settings } = evidence;
  return [...lastCheckpoints(owner.roots)].flatMap(([id, newest]) => {
    const last = owner.lastStateFiles.get(id) ?? Number.NEGATIVE_INFINITY;
    if (!owner.holdsCheckpoints || last === Number.NEGATIVE_INFINITY || start - last >= settings.deadAfter) {
      return [];
    }
    const [location, directory] = placeOfBase(id);
    const interval = usualInterval(
      owner.roots.filter((root) => baseId(root.location, root.class.base) === id),
      evidence.memory.remembered(location, directory),
    );
    const isUsual = last - newest <= owner.checkpointTimeout + 2 * interval;
    return isUsual || successors.tookDirectory(id, last) ? [] : [{ directory, job: owner.job, again: true }];
  });
}

/** Which directories hold files that checkpoints of other jobs name, and when the latest of those was complete. */
class Successors {
  readonly #evidence: Evidence;
  #directories: ReadonlyMap<string, number> | null = null;
  #jobs: ReadonlyMap<string, number> = new Map();

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
  }

  tookDirectory(id: string, lastWrite: number): boolean {
    return (this.#find().get(id) ?? Number.NEGATIVE_INFINITY) > lastWrite;
  }

  tookJob(owner: Owner, lastWrite: number): boolean {
    this.#find();
    return (this.#jobs.get(owner.id) ?? Number.NEGATIVE_INFINITY) > lastWrite;
  }

  /** Asked for only where a job seems to start: it goes through all that all roots name. */
  #find(): ReadonlyMap<string, number> {
    if (this.#directories !== null) {
      return this.#directories;
    }
    const { objects, owners } = this.#evidence;
    const directories = new Map<string, number>();
    const jobs = new Map<string, number>();
    for (const owner of owners.all) {
      for (const { completed, objects: named } of owner.roots.filter(({ class: { role } }) => role === 'checkpoint')) {
        /** One object for each directory. */
        const some = new Map<number, number>();
        for (const object of named) {
          some.set(objects.directoryId(object), object);
        }
        for (const [directoryId, object] of some) {
          const other = owners.ofDirectory(directoryId);
          if (other !== owner) {
            const { location, class: itsClass } = objects.directory(object);
            raise(directories, baseId(location, itsClass.base), completed);
            raise(jobs, other.id, completed);
          }
        }
      }
    }
    this.#jobs = jobs;
    this.#directories = directories;
    return directories;
  }
}

function raise(times: Map<string, number>, id: string, time: number): void {
  times.set(id, Math.max(times.get(id) ?? Number.NEGATIVE_INFINITY, time));
}

/** Location and directory of a `baseId`. */
function placeOfBase(id: string): readonly [number, string] {
  const colon = id.indexOf(':');
  return [Number(id.slice(0, colon)), id.slice(colon + 1)];
}
