import type { Evidence } from '#core/collect/evidence.ts';
import type { Owner } from '#core/collect/owners.ts';
import type { Root } from '#core/collect/roots.ts';
import { BitColumn } from '#core/inventory/columns.ts';
import type { Job } from './jobs.ts';

/**
 * Which checkpoints need files that lie with another job: after a restore with CLAIM a job goes on naming the files of
 * its predecessor, in the predecessor's directory, for as long as RocksDB keeps them.
 */
export interface Borrowing {
  readonly borrower: Job;
  /** Null where the files lie in a place that is no job's: a savepoint's, or a directory without checkpoints. */
  readonly lender: Job | null;
  /** The directory where the files lie: its key prefix. */
  readonly directory: string;
  /** Distinct ones. */
  readonly objects: number;
  readonly bytes: number;
  /** LastModified of the oldest of them, epoch milliseconds. */
  readonly oldest: number;
  /** How many checkpoints and savepoints of the borrower need at least one of them. */
  readonly roots: number;
}

/** Those with the most bytes first. */
export function borrowings(evidence: Evidence, jobs: readonly Job[]): readonly Borrowing[] {
  const jobOf = new Map(jobs.flatMap((job) => job.owners.map((owner) => [owner, job] as const)));
  return jobs.flatMap((job) => borrowingsOf(evidence, job, jobOf)).sort((a, b) => b.bytes - a.bytes);
}

/** Calls `visit` for each existing file that a root names and that lies with another job. */
export function forEachBorrowed(
  { objects, owners }: Pick<Evidence, 'objects' | 'owners'>,
  job: Job,
  root: Root,
  visit: (object: number, owner: Owner) => void,
): void {
  for (const object of root.objects) {
    const owner = owners.ofDirectory(objects.directoryId(object));
    if (!job.owners.includes(owner)) {
      visit(object, owner);
    }
  }
}

interface Tallied {
  readonly roots: Set<Root>;
  objects: number;
  bytes: number;
  oldest: number;
}

function borrowingsOf(evidence: Evidence, job: Job, jobOf: ReadonlyMap<Owner, Job>): readonly Borrowing[] {
  const byLender = new Map<Owner, Tallied>();
  const seen = new BitColumn();
  const { objects } = evidence;
  for (const root of job.roots) {
    forEachBorrowed(evidence, job, root, (object, owner) => {
      const sum = byLender.get(owner) ?? { roots: new Set(), objects: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY };
      byLender.set(owner, sum);
      sum.roots.add(root);
      if (!seen.has(object)) {
        seen.add(object);
        sum.objects++;
        sum.bytes += objects.bytes(object);
        sum.oldest = Math.min(sum.oldest, objects.modified(object));
      }
    });
  }
  return [...byLender].map(([owner, sum]) => ({
    ...sum,
    borrower: job,
    lender: jobOf.get(owner) ?? null,
    directory: owner.base,
    roots: sum.roots.size,
  }));
}
