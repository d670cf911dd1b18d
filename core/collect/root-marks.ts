import { BitColumn } from '#core/inventory/columns.ts';
import type { Grounds, Subject } from './evidence.ts';
import type { Root } from './roots.ts';

/** What the roots of a run tell of single objects, for the rules. */
export interface RootMarks {
  /** The root that an object is; null where it is none that was read or tried in this run. */
  at(object: number): Subject['root'];
  /** Whether a pinned root references it. */
  isNamedByPinned(object: number): boolean;
}

/** Grounds with the roots that they rest on. */
export interface RootedGrounds extends Grounds {
  readonly reachability: Grounds['reachability'] & { readonly roots: readonly Root[] };
}

/** As things are now: roots that are read later have marks of their own. */
export function rootMarks({ reachability, memory }: Pick<RootedGrounds, 'reachability' | 'memory'>): RootMarks {
  const roots = new Map(reachability.roots.filter(({ object }) => object >= 0).map((root) => [root.object, root]));
  const pinned = reachability.roots.filter((root) => memory.isPinned(root));
  const named = new BitColumn();
  for (const { objects } of pinned) {
    for (const object of objects) named.add(object);
  }
  return {
    at: (object) => roots.get(object) ?? null,
    isNamedByPinned: (object) => named.has(object),
  };
}
