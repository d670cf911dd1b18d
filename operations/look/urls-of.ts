import type { Area } from '#core/area/area.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { parseFlinkPath, placeOf } from '#core/flink/state-path.ts';

/**
 * The URLs that a person may mean by a text: a URL, or a key as a store knows it or whole; of a checkpoint or savepoint
 * its directory will do. Under the area's own names of its places, and as it stands.
 */
export function urlsOf(area: Area, text: string): readonly string[] {
  const names = [text, `${text.replace(/\/$/, '')}/${METADATA_NAME}`];
  return names.flatMap((name) => {
    const path = parseFlinkPath(name);
    const whereabouts = path === null ? null : area.locate(placeOf(path));
    return [
      name,
      ...(whereabouts?.within === 'area' ? [area.url(whereabouts.location, whereabouts.key)] : []),
      ...area.locations.flatMap((_, location) => [
        area.url(location, area.wholeKey(location, name)),
        area.url(location, name),
      ]),
    ];
  });
}
