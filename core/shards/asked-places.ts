import type { Area, PlaceInArea } from '#core/area/area.ts';
import { directoryPath } from '#core/collect/root-reading.ts';
import type { Root } from '#core/collect/roots.ts';
import type { FileReference } from '#core/flink/metadata/model.ts';
import { placeOf, resolveReference } from '#core/flink/state-path.ts';

/**
 * The places of the area whose objects tell what a reference is worth: `RootReading` asks for no others. Most often one;
 * where the root lies in a declared copy, also what the copy holds instead.
 */
export function askedPlaces(
  area: Area,
  root: Pick<Root, 'location' | 'directory' | 'key'>,
  reference: Pick<FileReference, 'path' | 'relative'>,
): readonly PlaceInArea[] {
  const path = resolveReference(reference, directoryPath(area, root));
  if (path === null) return [];
  const place = placeOf(path);
  const whereabouts = area.locate(place);
  const copy = area.ownCopyOf(place, root);
  return [...(whereabouts.within === 'area' ? [whereabouts] : []), ...(copy === null ? [] : [copy])];
}
