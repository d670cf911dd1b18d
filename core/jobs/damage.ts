import type { Evidence } from '#core/collect/evidence.ts';
import { isNewer } from '#core/collect/root-order.ts';
import { isDamaged, type Root } from '#core/collect/roots.ts';
import type { Job } from './jobs.ts';

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
  /**
   * Whole key of an object elsewhere in the area that has the name of a missing file; null where there is none. Then
   * the area may have been given a wrong name.
   */
  readonly foundElsewhere: string | null;
  /** The newest root of the job that can be restored; null where there is none. */
  readonly fallback: Root | null;
}

/** What the last run tells about damaged roots. */
export interface DamageMemory {
  /**
   * Whether this root was damaged in the last survey too; null where nothing is remembered, and then a root older
   * than twice the checkpoint timeout is taken for settled.
   */
  damagedBefore(root: Root): boolean | null;
}

/** What a run without a ledger knows of earlier damage: nothing. */
export const NO_DAMAGE_MEMORY: DamageMemory = { damagedBefore: () => null };

/** A finding for each job whose newest checkpoint is damaged, lastingly, while no other job continues from it. */
export function damageFindings(
  evidence: Evidence,
  jobs: readonly Job[],
  memory: DamageMemory = NO_DAMAGE_MEMORY,
): readonly DamageFinding[] {
  return jobs.flatMap((job) => {
    const root = job.roots.find(({ class: itsClass }) => itsClass.role === 'checkpoint');
    if (root === undefined || !isDamaged(root) || hasSuccessor(root, job, evidence)) {
      return [];
    }
    const settled = memory.damagedBefore(root) ?? evidence.start - root.completed > 2 * job.owner.checkpointTimeout;
    const missing = settledDamage(root, job, evidence.start);
    if (!settled || missing === 0) {
      return [];
    }
    const foundElsewhere = root.foundElsewhere < 0 ? null : evidence.objects.key(root.foundElsewhere);
    return { job, root, missing, foundElsewhere, fallback: job.restorePoints[0] ?? null };
  });
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
