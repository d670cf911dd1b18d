import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { hasEnded } from '../collect/cutoffs.ts';
import type { Evidence } from '../collect/evidence.ts';
import { isDamaged, type Root } from '../collect/roots.ts';
import { amountOf } from '../collect/totals.ts';
import type { Completion, Measure } from './job-history.ts';

/** What a survey tells of each job that is known by its label. */
export interface SeenJob {
  readonly label: string;
  readonly measure: Measure;
  readonly roots: readonly SeenRoot[];
  /** Whether all its submissions have ended. */
  readonly ended: boolean;
}

/** A root of a survey as the completion that a history remembers. */
export interface SeenRoot {
  readonly root: Root;
  readonly completion: Completion;
}

/** What a survey itself does not know of a job. */
export interface Seeing {
  /** In the currency of the price table; null where no prices hold. */
  readonly costOf: (job: Job) => number | null;
  /** Whether the job's newest checkpoint is damaged, and that is a finding. */
  readonly newestDamaged: (job: Job) => boolean;
}

/** Submissions of one label are one job. By label, in the order of the jobs. */
export function seenJobs(
  evidence: Pick<Evidence, 'start' | 'settings'>,
  jobs: readonly Job[],
  { costOf, newestDamaged }: Seeing,
): readonly SeenJob[] {
  const byLabel = new Map<string, SeenJob>();
  for (const job of jobs) {
    const { tally } = job;
    const quarantined = amountOf(tally, ['quarantined']).bytes;
    const one: SeenJob = {
      label: job.label,
      measure: {
        at: evidence.start,
        live: amountOf(tally, ['keep-live', 'keep-pinned']).bytes,
        reclaimable: quarantined + amountOf(tally, ['delete']).bytes,
        quarantined,
        unknown: amountOf(tally, ['keep-unknown']).bytes,
        total: amountOf(tally).bytes,
        roots: job.roots.length,
        restorePoints: job.restorePoints.length,
        damagedRoots: job.roots.filter(isDamaged).length,
        newestDamaged: newestDamaged(job),
        costPerMonth: costOf(job),
      },
      roots: job.roots.map((root) => ({ root, completion: completionOf(root) })),
      ended: hasEnded(job.owner, evidence),
    };
    const known = byLabel.get(job.label);
    byLabel.set(job.label, known === undefined ? one : together(known, one));
  }
  return [...byLabel.values()];
}

/**
 * Bytes that a root names and that were written after the checkpoint before it: what it added.
 *
 * @param since when the one before was complete, epoch milliseconds.
 */
export function incrementOf(root: Root, objects: ObjectTable, since: number): number {
  let bytes = inlineBytesOf(root);
  for (const object of root.objects) {
    bytes += objects.modified(object) > since ? objects.bytes(object) : 0;
  }
  return bytes;
}

function completionOf(root: Root): Completion {
  const isRead = root.state === 'read';
  return {
    completed: root.completed,
    jobId: root.class.job,
    checkpointId: root.summary?.checkpointId.toString() ?? null,
    savepoint: root.class.role === 'savepoint',
    bytes: isRead ? root.reachableBytes + inlineBytesOf(root) : null,
    incrementBytes: null,
  };
}

function inlineBytesOf({ summary }: Root): number {
  return Number(summary?.inlineBytes ?? 0);
}

function together(a: SeenJob, b: SeenJob): SeenJob {
  return {
    label: a.label,
    measure: {
      at: a.measure.at,
      live: a.measure.live + b.measure.live,
      reclaimable: a.measure.reclaimable + b.measure.reclaimable,
      quarantined: a.measure.quarantined + b.measure.quarantined,
      unknown: a.measure.unknown + b.measure.unknown,
      total: a.measure.total + b.measure.total,
      roots: a.measure.roots + b.measure.roots,
      restorePoints: a.measure.restorePoints + b.measure.restorePoints,
      damagedRoots: a.measure.damagedRoots + b.measure.damagedRoots,
      newestDamaged: a.measure.newestDamaged === true || b.measure.newestDamaged === true,
      costPerMonth: sumOf(a.measure.costPerMonth, b.measure.costPerMonth),
    },
    roots: [...a.roots, ...b.roots],
    ended: a.ended && b.ended,
  };
}

function sumOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}
