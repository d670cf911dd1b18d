import type { Evidence } from '#core/collect/evidence.ts';
import { isNewer } from '#core/collect/root-order.ts';
import { isDamaged, type Root } from '#core/collect/roots.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Job } from './jobs.ts';
import { type Repair, repairOf } from './repair.ts';

/**
 * Damaged roots. Flink itself leaves them: a discard cut short by a crash, a predecessor after CLAIM, file merging
 * whose files are closed after the `_metadata`. So damage alone is no alarm; it is a finding only where a job could
 * not be restored because of it.
 */

/** A job without successor whose newest checkpoint is damaged. */
export interface DamageFinding {
  readonly job: Job;
  readonly root: Root;
  readonly missing: number;
  /** Why this is no passing state. */
  readonly lasting: Lasting;
  /**
   * Whole key of an object elsewhere in the area that has the name of a missing file; null where there is none. Then
   * the area may have been given a wrong name.
   */
  readonly foundElsewhere: string | null;
  /** What could be copied to make it whole; null where nothing has the name and size of a missing file. */
  readonly repair: Repair | null;
  /** The newest root of the job that can be restored; null where there is none. */
  readonly fallback: Root | null;
}

/**
 * Why damage lasts: the last run saw it too; or the root is older than twice the checkpoint timeout, so that nobody
 * writes its files any more. Of an old one it is told whether the last run saw it whole.
 */
export type Lasting = 'seen-twice' | 'old' | 'old-and-new-to-us';

/** What the last run tells about damaged roots. */
export interface DamageMemory {
  /** Whether this root was damaged in the last survey too; null where nothing is remembered. */
  damagedBefore(root: Root): boolean | null;
}

/** What a run without a ledger knows of earlier damage: nothing. */
export const NO_DAMAGE_MEMORY: DamageMemory = { damagedBefore: () => null };

/**
 * What is to be thought of a damaged root. `alone`: somebody copied the `_metadata` without its files. `continued`: a
 * later root of another job names files of this one. `open-files`: all that it misses are segments of merged files that
 * may still be written. `first-seen`: young, and seen for the first time in this look.
 */
export type Damage =
  | { readonly standing: 'alone' | 'continued' | 'open-files' | 'first-seen' }
  | { readonly standing: 'lasting'; readonly lasting: Lasting };

/** What the objects of an area tell of its damaged roots. */
export interface DamageSigns {
  /** Whether a root was copied without its files. */
  isAlone(root: Root): boolean;
  /** Whether a later root of another job names files of this job or of its savepoints. */
  hasSuccessor(root: Root, job: Job): boolean;
}

/** What damage is judged by. The objects are those with the names of missing files, at least. */
export type DamageFacts = Pick<Evidence, 'start' | 'area' | 'objects'> & { readonly signs: DamageSigns };

/** The signs where all objects are at hand. */
function signsOf(evidence: Evidence): DamageSigns {
  return {
    isAlone: (root) => isMetadataAlone(root, evidence),
    hasSuccessor: (root, job) => hasSuccessor(root, job, evidence),
  };
}

/** Judges a damaged root of a job. */
export function damageOf(root: Root, job: Job, evidence: Evidence, memory: DamageMemory = NO_DAMAGE_MEMORY): Damage {
  return damageBy({ start: evidence.start, signs: signsOf(evidence) }, root, job, memory);
}

function damageBy(evidence: Pick<DamageFacts, 'start' | 'signs'>, root: Root, job: Job, memory: DamageMemory): Damage {
  if (evidence.signs.isAlone(root)) {
    return { standing: 'alone' };
  }
  if (evidence.signs.hasSuccessor(root, job)) {
    return { standing: 'continued' };
  }
  if (settledDamage(root, job, evidence.start) === 0) {
    return { standing: 'open-files' };
  }
  const before = memory.damagedBefore(root);
  if (before === true) {
    return { standing: 'lasting', lasting: 'seen-twice' };
  }
  const isOld = evidence.start - root.completed > 2 * job.owner.checkpointTimeout;
  return isOld
    ? { standing: 'lasting', lasting: before === null ? 'old' : 'old-and-new-to-us' }
    : { standing: 'first-seen' };
}

/** A finding for each job whose newest checkpoint is damaged, lastingly, while no other job continues from it. */
export function damageFindings(
  evidence: Evidence,
  jobs: readonly Job[],
  memory: DamageMemory = NO_DAMAGE_MEMORY,
): readonly DamageFinding[] {
  return damageFindingsBy({ ...evidence, signs: signsOf(evidence) }, jobs, memory);
}

/** The same where the signs are known without all objects. */
export function damageFindingsBy(
  evidence: DamageFacts,
  jobs: readonly Job[],
  memory: DamageMemory,
): readonly DamageFinding[] {
  return jobs.flatMap((job) => {
    const checkpoints = job.roots.filter(({ class: itsClass }) => itsClass.role === 'checkpoint');
    const root = checkpoints.find((each) => !(isDamaged(each) && evidence.signs.isAlone(each)));
    if (root === undefined || !isDamaged(root)) {
      return [];
    }
    const damage = damageBy(evidence, root, job, memory);
    if (damage.standing !== 'lasting') {
      return [];
    }
    const foundElsewhere = root.foundElsewhere < 0 ? null : evidence.objects.key(root.foundElsewhere);
    return {
      job,
      root,
      missing: settledDamage(root, job, evidence.start),
      lasting: damage.lasting,
      foundElsewhere,
      repair: repairOf(root, evidence),
      fallback: job.restorePoints[0] ?? null,
    };
  });
}

/** What lies beside a root. */
export interface Surrounded {
  /** Whether it references an object of the area. */
  readonly namesAny: boolean;
  /** Whether something else than roots and markers lies below its place. */
  readonly hasOthersBelow: () => boolean;
}

/**
 * Whether a root was copied without its files: none that it names exists, and nothing but roots lies below its place. In
 * a job directory that may as well be what a lifecycle rule has left, so there a root of the same content elsewhere must
 * show which of the two is the copy: the younger.
 */
export function isCopiedAlone(root: Root, { namesAny, hasOthersBelow }: Surrounded, roots: readonly Root[]): boolean {
  const { role } = root.class;
  return (
    root.state === 'read' &&
    !namesAny &&
    root.object >= 0 &&
    !hasOthersBelow() &&
    ((role !== 'checkpoint' && role !== 'job') ||
      (root.content !== null &&
        roots.some((other) => other !== root && other.content === root.content && isNewer(root, other))))
  );
}

function isMetadataAlone(root: Root, { objects, reachability: { roots } }: Evidence): boolean {
  const hasOthersBelow = (): boolean => hasOthers(root, objects);
  return isCopiedAlone(root, { namesAny: root.objects.size > 0, hasOthersBelow }, roots);
}

function hasOthers(root: Root, objects: ObjectTable): boolean {
  const { base } = root.class;
  const isBelow = (object: number): boolean =>
    object >= 0 &&
    object < objects.size &&
    objects.location(object) === root.location &&
    objects.key(object).startsWith(base);
  const isRootOrMarker = (object: number): boolean =>
    objects.name(object) === METADATA_NAME || objects.kind(object) === 'marker';
  for (const step of [-1, 1]) {
    for (let object = root.object + step; isBelow(object); object += step) {
      if (!isRootOrMarker(object)) return true;
    }
  }
  return false;
}

/** Missing references, except segments of a young root: their merged file may still be open. */
function settledDamage(root: Root, job: Job, start: number): number {
  const young = start - root.completed < job.owner.checkpointTimeout;
  return root.missing.filter(({ segment }) => !(segment && young)).length;
}

/**
 * Whether a later root of another job names files of this job or of its savepoints: then it was claimed, and lives on
 * there.
 */
export function hasSuccessor(root: Root, job: Job, { reachability, objects, owners }: Evidence): boolean {
  const own = new Set([job.owner, ...job.roots.map((its) => owners.ofRoot(its))]);
  return reachability.roots.some(
    (other) =>
      other.state !== 'vanished' &&
      isNewer(other, root) &&
      !own.has(owners.ofRoot(other)) &&
      other.objects.some((object) => own.has(owners.ofDirectory(objects.directoryId(object)))),
  );
}
