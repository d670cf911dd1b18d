import { type DraftedPlace, isIn, placeIn } from './draft.ts';
import type { ProposedLocation, Reasoned } from './proposed.ts';
import { nameOf, outermostOf, parentOf } from './sites.ts';

/** Patterns for `protect`: the storage of high availability. */

/** Characters of a name that a pattern would not take for themselves. */
const WILDCARDS = /[*?[\]{}\\]/g;

/** Names of folders that hold nothing but high-availability storage. */
const HIGH_AVAILABILITY = /^(?:ha|high-?availability|recovery|flink-ha)$/i;

/**
 * Only of what is in the area: elsewhere nothing is deleted. A folder that also holds checkpoints can't be protected as a
 * whole; there the names of the files protect them, as they do everywhere.
 */
export function protectedPatterns(
  { found: { top, kind }, sites }: DraftedPlace,
  area: readonly ProposedLocation[],
): readonly (Reasoned & { readonly pattern: string })[] {
  const state = sites.filter((site) => site.kind !== 'high-availability');
  const isMixed = (path: string): boolean => state.some((site) => site.path.startsWith(path));
  const folders = sites
    .filter((site) => site.kind === 'high-availability')
    .map(({ path }) => path)
    .map((path) => {
      const above = parentOf(path);
      return HIGH_AVAILABILITY.test(nameOf(above)) && !isMixed(above) ? above : path;
    })
    .filter((path) => path !== '' && !isMixed(path));
  return outermostOf(folders).flatMap((path) => {
    const place = placeIn(top, path);
    const location = area.find((each) => isIn(place, each.place));
    if (location === undefined) return [];
    // A pattern is compared with the key below a directory, and with the whole key in a bucket.
    const key = kind === 'bucket' ? place.key : place.key.slice(location.place.key.length + 1);
    return key === ''
      ? []
      : [
          {
            pattern: `${key.replace(WILDCARDS, '\\$&')}/**`,
            unsure: false,
            why: "Flink's high-availability storage. The steward also keeps these files because of their names.",
          },
        ];
  });
}
