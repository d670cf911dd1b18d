import type { ObjectTable } from '#core/inventory/object-table.ts';
import { baseId } from './rootless-directories.ts';
import type { Root } from './roots.ts';

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

interface Numbered {
  readonly number: bigint;
  readonly completed: number;
}

/**
 * Why the completion times of these roots can't be trusted, as a sentence, or null: checkpoints of one directory whose
 * order by number is not their order by time.
 */
export function disordered(roots: readonly Root[]): string | null {
  const directories = new Map<string, Numbered[]>();
  for (const { location, completed, class: itsClass } of roots) {
    if (itsClass.checkpoint !== null) {
      const directory = baseId(location, itsClass.base);
      const group = directories.get(directory) ?? [];
      group.push({ number: itsClass.checkpoint, completed });
      directories.set(directory, group);
    }
  }
  for (const group of directories.values()) {
    group.sort((a, b) => Number(a.number - b.number));
    for (const [at, { number, completed }] of group.entries()) {
      const before = group[at - 1];
      if (before !== undefined && before.completed > completed) {
        return `chk-${number} is older than chk-${before.number}, so the times of the objects are not those of the checkpoints (a copied bucket, or a job id that was used again)`;
      }
    }
  }
  return null;
}

/**
 * The same where a root names a file written long after it: in a bucket that was copied every object is as old as its
 * copy, so "a later checkpoint has completed" could be said of files it never saw. Merged files are closed late, so they
 * don't count.
 *
 * @param timeout milliseconds.
 */
export function younger(roots: readonly Root[], objects: ObjectTable, timeout: number): string | null {
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
