import type { DirectoryStretch } from '#core/inventory/object-table.ts';
import { type RootSearch, type RootSearchInput, requestsOf, searchForRoots } from './root-search.ts';

/** How far first roots are looked for. */
export interface FirstRoots {
  /** Since when a directory counts as written to lately, epoch milliseconds. */
  readonly lately: number;
  /** The most requests it may take, beside those of the search for other roots. */
  readonly requests: number;
}

/**
 * Like {@link searchForRoots}, and also looks where a first root may appear: in directories that have Flink's names and no
 * root. Between two pages of a listing, a job that was restored from a checkpoint elsewhere may complete its first one
 * there, and that earlier checkpoint may be deleted.
 *
 * Where that would take too many further requests, as with entropy in the paths, it looks only at the directories that were
 * written to lately. If these are still too many, it looks at none of them: what such a root names was named by another
 * root at the last run, so its quarantine has not begun.
 */
export function searchForFirstRoots(input: RootSearchInput, { lately, requests }: FirstRoots): RootSearch {
  const search = searchForRoots(input);
  const most = requestsOf(search, input.keysPerRequest) + requests;
  for (const isMeant of [() => true, (stretch: DirectoryStretch) => wasWritten(input, stretch, lately)]) {
    const rootless = withoutRoots(input, isMeant);
    // Each takes a key at least.
    if (rootless.size > requests * input.keysPerRequest) continue;
    const wider = searchForRoots({ ...input, held: new Set([...input.held, ...rootless]) });
    if (requestsOf(wider, input.keysPerRequest) <= most) return wider;
  }
  return search;
}

function withoutRoots(
  { objects, location, held }: RootSearchInput,
  isMeant: (stretch: DirectoryStretch) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const stretch of objects.stretches()) {
    const { directory } = stretch;
    const { role, base } = directory.class;
    if (
      directory.location === location &&
      role !== 'plain' &&
      !held.has(base) &&
      !found.has(base) &&
      isMeant(stretch)
    ) {
      found.add(base);
    }
  }
  return found;
}

function wasWritten({ objects }: RootSearchInput, { first, count }: DirectoryStretch, lately: number): boolean {
  for (let object = first; object < first + count; object++) {
    if (objects.modified(object) >= lately) return true;
  }
  return false;
}
