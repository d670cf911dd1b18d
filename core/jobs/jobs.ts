import type { Evidence } from '#core/collect/evidence.ts';
import type { Owner } from '#core/collect/owners.ts';
import { newestFirst } from '#core/collect/root-order.ts';
import { isDamaged, isRestorePoint, isUnverified, type Root } from '#core/collect/roots.ts';
import { sumTallies, type Tally, type Totals } from '#core/collect/totals.ts';
import { type KnownNames, NO_NAMES } from './job-names.ts';
import { type Labels, labelOf } from './labels.ts';

/** How many digits of the job id the name of a savepoint directory tells. */
const SAVEPOINT_DIGITS = 6;

/** A job as people see it: its directories, and the savepoints that are surely its own. */
export interface Job {
  /** A name for people. */
  readonly label: string;
  /** 32 hex digits, or null for a directory that no job id names. */
  readonly job: string | null;
  /** URL of its first directory, with a closing slash. */
  readonly directory: string;
  readonly owner: Owner;
  /** Itself, and those of the savepoints that are its own. */
  readonly owners: readonly Owner[];
  readonly tally: Tally;
  /** Checkpoints and attributed savepoints that were there, newest first. */
  readonly roots: readonly Root[];
  readonly restorePoints: readonly Root[];
  readonly damaged: readonly Root[];
  readonly unverified: readonly Root[];
}

/** What a survey found, with the names of jobs that clusters report. */
export interface NamedEvidence extends Pick<Evidence, 'area'> {
  readonly owners: { readonly all: readonly Owner[] };
  readonly names?: KnownNames;
}

/**
 * The jobs of an area, those with the most bytes first. A savepoint directory names its job by six digits only; it is
 * counted to a job where exactly one job of the area begins with them, and is a job of its own otherwise.
 */
export function jobsOf(
  { area, owners: { all }, names = NO_NAMES }: NamedEvidence,
  totals: Totals,
  labels: Labels,
): readonly Job[] {
  const owners = all.filter((owner) => isJobLike(owner));
  const savepoints = attributeSavepoints(owners);
  const severalFolders = holdsSeveralFolders(owners);
  const adopted = new Set([...savepoints.values()].flat());
  return owners
    .filter((owner) => !adopted.has(owner))
    .map((owner) => {
      const parts = [owner, ...(savepoints.get(owner) ?? [])];
      const roots = newestContents(parts.flatMap((part) => part.roots))
        .filter(({ state }) => state !== 'vanished')
        .toSorted(newestFirst);
      return {
        label: labelOf(area, owner, labels, severalFolders, names),
        job: owner.job,
        directory: area.url(owner.location, owner.base),
        owner,
        owners: parts,
        tally: sumTallies(parts.flatMap((part) => totals.byOwner.get(part) ?? [])),
        roots,
        restorePoints: roots.filter(isRestorePoint),
        damaged: roots.filter(isDamaged),
        unverified: roots.filter(isUnverified),
      };
    })
    .sort((a, b) => bytesOf(b.tally) - bytesOf(a.tally) || (a.label < b.label ? -1 : 1));
}

/** Whether job directories lie in more than one folder, so that a job id alone does not tell where. */
export function holdsSeveralFolders(owners: readonly Owner[]): boolean {
  const named = owners.filter(({ job }) => job !== null);
  return new Set(named.map(({ location, base }) => `${location}:${parentOf(base)}`)).size > 1;
}

/** A root that was overwritten while it was read counts once, as what it became. */
function newestContents(roots: readonly Root[]): readonly Root[] {
  return [...new Map(roots.map((root) => [`${root.location}:${root.key}`, root])).values()];
}

/** Whether an owner is worth a line of its own: a job id tells, or a root lies there. */
function isJobLike(owner: Owner): boolean {
  return owner.job !== null || owner.roots.length > 0;
}

function attributeSavepoints(owners: readonly Owner[]): ReadonlyMap<Owner, readonly Owner[]> {
  const byPrefix = new Map<string, Owner[]>();
  for (const owner of owners) {
    if (owner.job !== null) {
      const prefix = owner.job.slice(0, SAVEPOINT_DIGITS);
      const sharing = byPrefix.get(prefix) ?? [];
      sharing.push(owner);
      byPrefix.set(prefix, sharing);
    }
  }
  const result = new Map<Owner, Owner[]>();
  for (const owner of owners) {
    const prefix = owner.roots.find(({ class: itsClass }) => itsClass.role === 'savepoint')?.class.savepointOf ?? null;
    const [job, second] = byPrefix.get(prefix ?? '') ?? [];
    if (job !== undefined && second === undefined) {
      result.set(job, [...(result.get(job) ?? []), owner]);
    }
  }
  return result;
}

function bytesOf(counted: Tally): number {
  return Object.values(counted).reduce((sum, { bytes }) => sum + bytes, 0);
}

function parentOf(base: string): string {
  return base.slice(0, base.lastIndexOf('/', base.length - 2) + 1);
}
