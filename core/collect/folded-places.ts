import type { Area, PlaceInArea } from '../area/area.ts';
import type { Directory } from '../inventory/object-table.ts';
import type { Undecidable } from './undecidable.ts';

/**
 * Directories that an alias calls by the name of another place in the area, also in their own location. What references
 * them is looked for in that place, so what lies here would look like garbage.
 */
export function foldedPlaces(area: Area, directories: Iterable<Directory>): readonly Undecidable[] {
  let first: { readonly here: string; readonly there: PlaceInArea } | null = null;
  let more = 0;
  for (const { location, path } of directories) {
    const there = area.otherPlaceOf(location, path);
    if (there === null) continue;
    if (first === null) first = { here: area.url(location, path), there };
    else more++;
  }
  if (first === null) return [];
  const { here, there } = first;
  const others = more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'directory' : 'directories'})`;
  return [
    {
      code: 'same-directory',
      object: here,
      sentence: `by "aliases" ${here}${others} is another name of ${area.url(there.location, there.key)}, but objects are listed under both in this area. The steward would look for references to one place in the other, so nothing in this area is deleted. Remove that entry of "aliases" or, if the objects in ${here} were moved there, what is left of them`,
    },
  ];
}
