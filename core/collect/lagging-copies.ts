import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Owner } from './owners.ts';
import { baseId } from './rootless-directories.ts';
import { isCheckpointProper, type Root } from './roots.ts';

/**
 * Backups inside the area that keep the garbage of a running job. A copied job directory bears the same id, so it may as
 * well be of a second cluster, whose next checkpoint may still use older uploads; its newest checkpoint never moves on.
 *
 * Nothing is decided by this. That every root of a directory references only files of the other one shows that it was
 * copied; it does not show that no job writes there, and a copy that was written to has lost live state when its roots
 * were left out. So people are told, and they decide.
 */

/** A directory that looks like a copy, and by how much its job's garbage is kept longer for it. */
export interface LaggingCopy {
  readonly job: string;
  /** A root of the copy: the newest. */
  readonly copy: Root;
  /** The newest root of the directory whose files it references. */
  readonly original: Root;
}

/**
 * Directories of a job of which no root references a file of its own, but each one a file of another directory of that
 * job with a newer checkpoint.
 *
 * @param lag milliseconds by which the other checkpoint must be newer.
 */
export function laggingCopies(owners: Iterable<Owner>, objects: ObjectTable, lag: number): readonly LaggingCopy[] {
  const found: LaggingCopy[] = [];
  for (const { job, roots, declaredDead } of owners) {
    const byBase = byDirectory(roots.filter(isCheckpointProper));
    if (job === null || declaredDead || byBase.size < 2) continue;
    for (const [id, its] of byBase) {
      const originals = its.map((root) => directoriesNamed(root, objects));
      const original = [...byBase].find(([other]) => originals.every((named) => named.has(other) && !named.has(id)));
      const copy = newest(its);
      const ahead = original === undefined ? undefined : newest(original[1]);
      if (copy !== undefined && ahead !== undefined && ahead.completed - copy.completed > lag) {
        found.push({ job, copy, original: ahead });
      }
    }
  }
  return found;
}

function byDirectory(roots: readonly Root[]): ReadonlyMap<string, readonly Root[]> {
  const known = new Map<string, Root[]>();
  for (const root of roots) {
    const id = baseId(root.location, root.class.base);
    known.set(id, [...(known.get(id) ?? []), root]);
  }
  return known;
}

function directoriesNamed(root: Root, objects: ObjectTable): ReadonlySet<string> {
  const named = new Set<string>();
  for (const object of root.objects) {
    const { location, class: itsClass } = objects.directory(object);
    named.add(baseId(location, itsClass.base));
  }
  return named;
}

function newest(roots: readonly Root[]): Root | undefined {
  return roots.toSorted((a, b) => b.completed - a.completed)[0];
}
