import { isQuiet } from '../collect/cutoffs.ts';
import { lastCheckpoints, type Owner } from '../collect/owners.ts';
import { baseId } from '../collect/rootless-directories.ts';
import type { DirectoryRole } from '../flink/layout.ts';
import type { RetentionEvidence } from './evidence.ts';
import { Successors } from './successors.ts';
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
 * None of them for longer than `deadAfter` after its last write, none that is declared dead, and none from which another
 * job was started after that write: see {@link Successors}.
 */
export function startingJobs(
  evidence: RetentionEvidence,
  successors: Successors = new Successors(evidence),
): readonly StartingJob[] {
  const withoutJobId = new Set<string>();
  for (const { location, class: itsClass } of evidence.objects.directories()) {
    if (itsClass.job === null && ROLES.has(itsClass.role)) {
      withoutJobId.add(baseId(location, itsClass.base));
    }
  }
  return evidence.owners.all
    .filter((owner) => !owner.declaredDead && (owner.job !== null || withoutJobId.has(owner.id)))
    .flatMap((owner) => [...first(owner, evidence, successors), ...again(owner, evidence, successors)]);
}

/** Its directories that hold no root. Markers alone are a first sign of a job: S3A shows its empty directories so. */
function first(owner: Owner, evidence: RetentionEvidence, successors: Successors): readonly StartingJob[] {
  const starting = (directory: string): StartingJob => ({ directory, job: owner.job, again: false });
  const isWritten = (lastWrite: number): boolean => !isQuiet({ ...owner, lastWrite }, evidence);
  if (!owner.holdsCheckpoints) {
    const directories = [...owner.directoriesWithoutAnyRoot];
    const isTaken = directories.length > 0 && directories.every((id) => successors.took(id, owner));
    return isWritten(owner.lastWrite) && !isTaken ? [starting(owner.base)] : [];
  }
  return [...owner.rootlessDirectories]
    .filter(([id, last]) => isWritten(last) && !successors.took(id, owner))
    .map(([id]) => starting(placeOfBase(id)[1]));
}

/**
 * Its directories that hold roots, and to which it has gone on writing for longer than from one checkpoint to the next.
 *
 * Between two checkpoints it writes at most until the next one is due and has timed out. With one interval more, a
 * checkpoint that fails now and then stops no area of a thousand jobs.
 */
function again(owner: Owner, evidence: RetentionEvidence, successors: Successors): readonly StartingJob[] {
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
    return isUsual || successors.took(id, owner) ? [] : [{ directory, job: owner.job, again: true }];
  });
}

/** Location and directory of a `baseId`. */
function placeOfBase(id: string): readonly [number, string] {
  const colon = id.indexOf(':');
  return [Number(id.slice(0, colon)), id.slice(colon + 1)];
}
