import type { Evidence } from '../collect/evidence.ts';
import type { Memory } from '../collect/memory.ts';
import type { Owners } from '../collect/owners.ts';
import type { Root } from '../collect/roots.ts';
import { rootKind } from './root-kind.ts';

/**
 * What a later run would know if some roots had been retired: the same objects, the marks of the other roots alone, and
 * owners that have no more than those. Judged by the same rules it tells what becomes garbage. A directory that was once
 * seen to be a job's is remembered as one.
 *
 * The `_metadata` files themselves stay in the table, and mean nothing any more.
 *
 * @param ownersOf gathers the owners as they were gathered for this evidence.
 */
export function withoutRoots(
  evidence: Evidence,
  roots: ReadonlySet<Root>,
  ownersOf: (rest: readonly Root[]) => Owners,
): Evidence {
  const reachability = evidence.reachability.without(roots);
  return { ...evidence, reachability, owners: ownersOf(reachability.roots), memory: retiring(evidence, roots) };
}

/** A later run reads the copies of retired savepoints in the ledger: their own files are nobody's then. */
function retiring({ memory, objects }: Evidence, roots: ReadonlySet<Root>): Memory {
  const own = new Map<number, string>();
  for (const root of roots) {
    for (const object of rootKind(root) === 'savepoint' ? root.objects : []) {
      const { location, path } = objects.directory(object);
      if (location === root.location && path === root.directory && objects.hasUuidName(object)) {
        own.set(object, root.key);
      }
    }
  }
  return { ...memory, retiredSavepointOf: (object) => own.get(object) ?? memory.retiredSavepointOf(object) };
}
