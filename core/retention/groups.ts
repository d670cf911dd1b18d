import type { DirectoryOfJob } from '../collect/memory.ts';
import type { Owner, Owners } from '../collect/owners.ts';
import { newestFirst } from '../collect/root-order.ts';
import { baseId } from '../collect/rootless-directories.ts';
import type { Root } from '../collect/roots.ts';
import { SAVEPOINT_DIGITS } from '../flink/names.ts';
import { compareKeys } from '../key-order.ts';
import type { RetentionInput } from './policy.ts';
import { type RootKind, rootKind } from './root-kind.ts';

/** Roots that are counted together. */

/** Roots of one job or label: `keepLast` and `minRestorePoints` count within it. */
export interface RetentionGroup {
  /** Unique among the groups of a run. */
  readonly id: string;
  /** A name for people. */
  readonly label: string;
  /** The job id where it is one job directory. */
  readonly job: string | null;
  /** Whole key prefix where it is one directory, with a closing slash. */
  readonly directory: string | null;
}

/** A root and what its path tells about it. */
export interface GroupedRoot {
  readonly root: Root;
  readonly kind: RootKind;
  /** Of the directory of the root. */
  readonly owner: Owner;
  /** A savepoint whose name does not tell the one job that it is of. */
  readonly ambiguous: boolean;
}

/** The roots of one group. */
export interface GroupedRoots {
  readonly group: RetentionGroup;
  /** The newest first. */
  readonly members: readonly GroupedRoot[];
  /** Why the order of one of its jobs can't be trusted, in a sentence; null where that of all can. */
  readonly timesDistrusted: string | null;
}

/** Only what grouping asks of the input. */
export interface Grouping extends Pick<RetentionInput, 'groupBy' | 'labelOf' | 'isLabelledByPath'> {
  /** From earlier runs: see `Memory.directoriesOfJobs`. @default none */
  readonly directoriesOfJobs?: (digits: string) => readonly DirectoryOfJob[];
}

/** A directory that checkpoints of one job id lie in. */
interface JobDirectory {
  readonly owner: Owner;
  readonly location: number;
  readonly base: string;
}

interface Membership {
  readonly group: RetentionGroup;
  readonly ambiguous: boolean;
}

/**
 * Application mode gave every job the id of zeros (by default up to Flink 1.15.4), so what is named after it may be of
 * any cluster: of two savepoints side by side the older one may be all that is left of a job.
 */
export const NO_DIGITS = '000000';

/** The groups in the order of their labels, with all roots that were there. */
export function groupRoots(owners: Pick<Owners, 'all'>, grouping: Grouping): readonly GroupedRoots[] {
  const jobs = jobDirectories(owners);
  const groups = new Map<string, { group: RetentionGroup; members: GroupedRoot[] }>();
  for (const owner of owners.all) {
    for (const root of presentRoots(owner.roots)) {
      const kind = rootKind(root);
      const { group, ambiguous } = membership(root, kind, owner, jobs, grouping);
      const known = groups.get(group.id) ?? { group, members: [] };
      known.members.push({ root, kind, owner, ambiguous });
      groups.set(group.id, known);
    }
  }
  return [...groups.values()]
    .map(({ group, members }) => ({
      group,
      members: members.sort((a, b) => newestFirst(a.root, b.root)),
      timesDistrusted: members.map(({ owner }) => owner.timesDistrusted).find((doubt) => doubt !== null) ?? null,
    }))
    .sort((a, b) => compareKeys(a.group.label, b.group.label) || compareKeys(a.group.id, b.group.id));
}

/** A root that was overwritten while it was read is there once, as what it became. */
function presentRoots(roots: readonly Root[]): Iterable<Root> {
  const present = roots.filter(({ state }) => state !== 'vanished');
  return new Map(present.map((root) => [baseId(root.location, root.key), root])).values();
}

function membership(
  root: Root,
  kind: RootKind,
  owner: Owner,
  jobs: ReadonlyMap<string, readonly JobDirectory[]>,
  grouping: Grouping,
): Membership {
  const own = { owner, location: root.location, base: root.class.base };
  const digits = root.class.savepointOf;
  if (kind !== 'savepoint' || digits === null) {
    // A renamed savepoint is wanted by somebody: it is a group of its own, and does not count for any other.
    return { group: groupOf(own, grouping), ambiguous: false };
  }
  const isTold = (directory: JobDirectory): boolean =>
    grouping.groupBy === 'label' &&
    grouping.isLabelledByPath({ ...directory.owner, location: directory.location, base: directory.base });
  if (digits === NO_DIGITS) {
    return { group: groupOf(own, grouping), ambiguous: !isTold(own) };
  }
  const candidates = jobs.get(digits) ?? [];
  const held = grouping.directoriesOfJobs?.(digits) ?? [];
  const isShared = isUsedTwice(candidates, []);
  // Flink removes the directory of a job that is cancelled, and its savepoints stay: they are still not the other's.
  const wasShared = isUsedTwice(candidates, held);
  if (wasShared && isTold(own)) {
    return { group: groupOf(own, grouping), ambiguous: false };
  }
  const [group, ...others] = new Map(
    candidates.map((job) => groupOf(job, grouping)).map((each) => [each.id, each]),
  ).values();
  if (group === undefined) {
    return { group: unclaimed(own, digits, grouping), ambiguous: wasShared };
  }
  // One label for all directories of an id tells them to be of one job where paths tell it, not where the id does.
  return others.length === 0 && (!wasShared || (isShared && candidates.every(isTold)))
    ? { group, ambiguous: false }
    : { group: groupOf(own, grouping), ambiguous: true };
}

/** Whether there are, or were, several directories of one id. */
function isUsedTwice(candidates: readonly JobDirectory[], held: readonly DirectoryOfJob[]): boolean {
  // Only directories of jobs are candidates, and the id of such an owner is that of its job.
  const there = candidates.map(({ owner, location, base }) => ({ job: owner.id, id: baseId(location, base) }));
  const byJob = new Map<string, Set<string>>();
  for (const { job, id } of [...there, ...held]) {
    byJob.set(job, (byJob.get(job) ?? new Set()).add(id));
  }
  return [...byJob.values()].some(({ size }) => size > 1);
}

function groupOf({ owner, location, base }: JobDirectory, { groupBy, labelOf }: Grouping): RetentionGroup {
  const label = labelOf({ ...owner, location, base });
  return groupBy === 'label'
    ? { id: label, label, job: null, directory: null }
    : { id: baseId(location, base), label, job: owner.job, directory: base };
}

/** Savepoints of a job that has no directory here: those of one place whose names begin alike are one job's. */
function unclaimed(own: JobDirectory, digits: string, grouping: Grouping): RetentionGroup {
  if (grouping.groupBy === 'label') {
    return groupOf(own, grouping);
  }
  const parent = own.base.slice(0, own.base.lastIndexOf('/', own.base.length - 2) + 1);
  const label = `${parent}savepoint-${digits}`;
  return { id: baseId(own.location, label), label, job: null, directory: parent };
}

/**
 * All directories of all job ids, by the digits of the id that savepoints are named after. Two clusters may use one
 * job id, each in a directory of its own, also in one that shows no root yet.
 */
function jobDirectories(owners: Pick<Owners, 'all'>): ReadonlyMap<string, readonly JobDirectory[]> {
  const found = new Map<string, JobDirectory[]>();
  for (const owner of owners.all) {
    if (owner.job !== null) {
      const digits = owner.job.slice(0, SAVEPOINT_DIGITS);
      found.set(digits, [...(found.get(digits) ?? []), ...directoriesOf(owner)]);
    }
  }
  return found;
}

function directoriesOf(owner: Owner): readonly JobDirectory[] {
  const found = new Map([[baseId(owner.location, owner.base), { owner, location: owner.location, base: owner.base }]]);
  for (const { location, class: itsClass } of owner.roots) {
    found.set(baseId(location, itsClass.base), { owner, location, base: itsClass.base });
  }
  // Empty folders may be those of a cluster that starts, whatever becomes of the other directories.
  const { rootlessDirectories, directoriesWithoutAnyRoot, markersAlone } = owner;
  for (const id of [...rootlessDirectories.keys(), ...directoriesWithoutAnyRoot, ...markersAlone.keys()]) {
    const colon = id.indexOf(':');
    found.set(id, { owner, location: Number(id.slice(0, colon)), base: id.slice(colon + 1) });
  }
  return [...found.values()];
}
