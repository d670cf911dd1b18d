import type { ObjectTable } from '#core/inventory/object-table.ts';
import { newestFirst, numberOf } from './root-order.ts';
import { baseId } from './rootless-directories.ts';
import type { Root } from './roots.ts';
import type { CollectSettings } from './settings.ts';

/** What the LastModified times of a job's checkpoints tell, and whether they can be believed. */

/**
 * The longest time, in milliseconds, from an exclusive file to the `_metadata` that names it: no checkpoint of this
 * job is known to have taken longer. 0 where nothing was seen.
 */
export function observedCheckpointTime(roots: readonly Root[], objects: ObjectTable): number {
  let longest = 0;
  for (const root of roots) {
    for (const object of root.objects) {
      if (isOwnExclusiveFile(root, object, objects)) {
        longest = Math.max(longest, root.completed - objects.modified(object));
      }
    }
  }
  return longest;
}

/** What the times of a job's checkpoints tell. */
export interface JobTimes {
  /** Why the order of its checkpoints can't be trusted, in a sentence; null where it can. */
  readonly distrusted: string | null;
  /** The roots of runs of the job that a later one under the same id has followed. */
  readonly formerRuns: readonly FormerRun[];
}

/** The checkpoints of one run of a job, which another run under the same id has followed. */
export interface FormerRun {
  readonly roots: ReadonlySet<Root>;
  /** When the newest of them was complete, epoch milliseconds. */
  readonly newest: number;
}

/**
 * Whether the completion times of these roots can be trusted. In a bucket that was copied every object is as old as its
 * copy, so "a later checkpoint has completed" could be said of files it never saw.
 */
export function timesOf(
  roots: readonly Root[],
  objects: ObjectTable,
  settings: Pick<CollectSettings, 'checkpointTimeout' | 'minAge'>,
): JobTimes {
  const former: FormerRun[] = [];
  for (const checkpoints of byDirectory(roots)) {
    const disorder = disordered(checkpoints);
    if (disorder !== null) {
      const runs = runsOf(checkpoints);
      if (!areSeparate(runs, objects, settings.minAge)) {
        return { distrusted: disorder, formerRuns: [] };
      }
      former.push(...runs.slice(0, -1).map((run) => ({ roots: new Set(run), newest: lastOf(run) })));
    }
  }
  const distrusted = younger(roots, objects, settings.checkpointTimeout);
  return { distrusted, formerRuns: distrusted === null ? former : [] };
}

/** The checkpoints of each directory. */
function byDirectory(roots: readonly Root[]): readonly (readonly Root[])[] {
  const directories = new Map<string, Root[]>();
  for (const root of roots) {
    if (root.class.checkpoint !== null) {
      const directory = baseId(root.location, root.class.base);
      const group = directories.get(directory) ?? [];
      group.push(root);
      directories.set(directory, group);
    }
  }
  return [...directories.values()];
}

/** Checkpoints of one directory whose order by number is not their order by time. */
function disordered(checkpoints: readonly Root[]): string | null {
  const group = checkpoints.toSorted((a, b) => Number(numberOf(a) > numberOf(b)) - Number(numberOf(a) < numberOf(b)));
  for (const [at, root] of group.entries()) {
    const before = group[at - 1];
    if (before !== undefined && before.completed > root.completed) {
      return `chk-${numberOf(root)} is older than chk-${numberOf(before)}, so the times of the objects are not those of the checkpoints (a copied bucket, or a job id that was used again)`;
    }
  }
  return null;
}

/** Checkpoints in the order of their times, and apart where the numbers begin again. */
function runsOf(checkpoints: readonly Root[]): readonly (readonly Root[])[] {
  const runs: Root[][] = [];
  let before: Root | null = null;
  for (const root of checkpoints.toSorted(newestFirst).reverse()) {
    const run = runs.at(-1);
    if (run === undefined || before === null || numberOf(root) < numberOf(before)) {
      runs.push([root]);
    } else {
      run.push(root);
    }
    before = root;
  }
  return runs;
}

/**
 * Whether these are runs of a job that followed one another under its id, each with numbers that begin again: a job
 * whose id is fixed was started without its state. Everything of the one lies before everything of the next, and they
 * share nothing. In a copied bucket the times of two runs lie close together, or a file is younger than its root.
 */
function areSeparate(runs: readonly (readonly Root[])[], objects: ObjectTable, minAge: number): boolean {
  const taken = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const run of runs) {
    const first = run.reduce((min, { completed }) => Math.min(min, completed), Number.POSITIVE_INFINITY);
    const files = new Set<number>();
    if (!(first - last > minAge)) {
      return false;
    }
    last = lastOf(run);
    for (const root of run) {
      for (const object of root.objects) {
        const isLate = objects.kind(object) !== 'merged' && objects.modified(object) > root.completed;
        if (isLate || taken.has(object)) {
          return false;
        }
        files.add(object);
        last = Math.max(last, objects.modified(object));
      }
    }
    for (const object of files) taken.add(object);
  }
  return true;
}

function lastOf(run: readonly Root[]): number {
  return run.reduce((last, { completed }) => Math.max(last, completed), Number.NEGATIVE_INFINITY);
}

/** A root that names a file written long after it. Merged files are closed late, so they don't count. */
function younger(roots: readonly Root[], objects: ObjectTable, timeout: number): string | null {
  for (const root of roots) {
    for (const object of root.objects) {
      if (objects.modified(object) > root.completed + 2 * timeout && objects.kind(object) !== 'merged') {
        return `${root.key} references ${objects.key(object)}, which is much younger, so the times of the objects are not those of the checkpoints (a copied bucket)`;
      }
    }
  }
  return null;
}

function isOwnExclusiveFile(root: Root, object: number, objects: ObjectTable): boolean {
  const { class: itsClass } = objects.directory(object);
  return (
    itsClass.role === 'checkpoint' &&
    itsClass.checkpoint === root.class.checkpoint &&
    (itsClass.job === null ? itsClass.base === root.class.base : itsClass.job === root.class.job)
  );
}
