import { isQuiet } from '../collect/cutoffs.ts';
import type { Evidence } from '../collect/evidence.ts';
import type { Owner } from '../collect/owners.ts';
import { baseId } from '../collect/rootless-directories.ts';
import type { DirectoryRole } from '../flink/layout.ts';

/** Where a checkpoint directory that no job id names shows that jobs write there. */
const ROLES: ReadonlySet<DirectoryRole> = new Set(['checkpoint', 'shared', 'taskowned', 'merged', 'forst']);

/**
 * Job directories that are written to and hold no root yet, as whole keys. A job that was started with NO_CLAIM needs
 * the snapshot it was started from, any in the area, until its first checkpoint is complete; up to then no
 * `_metadata` says so. Where a directory of its job id holds roots, another one may still be another cluster's.
 */
export function startingJobs(evidence: Evidence): readonly string[] {
  const withoutJobId = new Set<string>();
  for (const { location, class: itsClass } of evidence.objects.directories()) {
    if (itsClass.job === null && ROLES.has(itsClass.role)) {
      withoutJobId.add(baseId(location, itsClass.base));
    }
  }
  return evidence.owners.all
    .filter((owner) => owner.job !== null || withoutJobId.has(owner.id))
    .flatMap((owner) => rootless(owner, evidence));
}

function rootless(owner: Owner, evidence: Evidence): readonly string[] {
  if (owner.declaredDead) {
    return [];
  }
  if (!owner.holdsCheckpoints) {
    return isQuiet(owner, evidence) ? [] : [owner.base];
  }
  return [...owner.rootlessDirectories]
    .filter(([, lastWrite]) => !isQuiet({ ...owner, lastWrite }, evidence))
    .map(([id]) => id.slice(id.indexOf(':') + 1));
}
