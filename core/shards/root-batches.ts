import { ownerId } from '#core/collect/owners.ts';
import { classifyDirectory } from '#core/flink/layout.ts';

/** A root as it was listed, as far as batches depend on it. */
interface Sized {
  readonly location: number;
  /** Whole key. */
  readonly key: string;
  readonly bytes: number;
}

/** Roots that are read together. */
export interface RootBatch<T> {
  /** The ids of their owners: all roots of these are here. */
  readonly owners: ReadonlySet<string>;
  readonly roots: readonly T[];
}

/** A batch has at most so many roots and bytes, unless one owner has more. */
export interface BatchSize {
  readonly roots: number;
  readonly bytes: number;
}

/** Two hundred references a kilobyte at most: what they name must fit into the memory of one function. */
export const USUAL_BATCH: BatchSize = { roots: 50, bytes: 16 * 1024 * 1024 };

/** Who owns what lies beside a root. */
export function ownerOfRoot({ location, key }: Pick<Sized, 'location' | 'key'>): string {
  return ownerId(location, classifyDirectory(key.slice(0, key.lastIndexOf('/') + 1)));
}

/** Puts roots into batches, all roots of one owner into one, in the order in which owners first appear. */
export function batchRoots<T extends Sized>(
  roots: Iterable<T>,
  size: BatchSize = USUAL_BATCH,
): readonly RootBatch<T>[] {
  const byOwner = new Map<string, T[]>();
  for (const root of roots) {
    const owner = ownerOfRoot(root);
    const its = byOwner.get(owner) ?? [];
    byOwner.set(owner, its);
    its.push(root);
  }
  const batches: { readonly owners: Set<string>; readonly roots: T[]; bytes: number }[] = [];
  for (const [owner, its] of byOwner) {
    const bytes = its.reduce((sum, root) => sum + root.bytes, 0);
    const last = batches.at(-1);
    if (last === undefined || last.roots.length + its.length > size.roots || last.bytes + bytes > size.bytes) {
      batches.push({ owners: new Set([owner]), roots: [...its], bytes });
    } else {
      last.owners.add(owner);
      last.roots.push(...its);
      last.bytes += bytes;
    }
  }
  return batches;
}
