import { newestFirst } from '#core/collect/root-order.ts';
import type { Root } from '#core/collect/roots.ts';
import { METADATA_NAME } from '#core/flink/names.ts';
import { endsWithPath } from '#core/flink/path-end.ts';
import { baseName, parseFlinkPath, placeOf } from '#core/flink/state-path.ts';
import type { Survey } from '#operations/look/survey.ts';
import { hasScheme } from './object-names.ts';

/** Finds what a person means by a name: an object, a directory, or the end of a path. */

/** A directory of an area. */
export interface FoundDirectory {
  readonly location: number;
  /** The whole key, empty or with a closing slash. */
  readonly path: string;
}

/**
 * The objects of that URL, or of that key: the key in the store, or the key with the prefix of the location. A key may
 * exist in several locations, such as a bucket and its replica.
 */
export function findObjects({ area, objects }: Survey, text: string): readonly number[] {
  const named = area.locations.flatMap((_, location) => {
    const found = [area.wholeKey(location, text), text].map((key) => objects.find(location, key));
    return found.find((object) => object >= 0) ?? [];
  });
  const path = named.length > 0 ? null : parseFlinkPath(text);
  const whereabouts = path === null ? null : area.locate(placeOf(path));
  const object = whereabouts?.within === 'area' ? objects.find(whereabouts.location, whereabouts.key) : -1;
  return object < 0 ? named : [object];
}

/** The directory of that URL, or of that key: the key in the store, or the key with the prefix of the location. */
export function findDirectory({ area, objects }: Survey, text: string): FoundDirectory | null {
  const path = parseFlinkPath(text);
  const whereabouts = path === null ? null : area.locate(placeOf(path));
  const candidates = [
    ...(whereabouts?.within === 'area' ? [whereabouts] : []),
    // The URL of a location itself does not have the slash at the end of its prefix.
    ...(path === null || !hasScheme(text) ? [] : wholeLocations(area, area.canonical(placeOf(path)))),
    ...(hasScheme(text)
      ? []
      : area.locations.flatMap((_, location) => [
          { location, key: area.wholeKey(location, text) },
          { location, key: text },
        ])),
  ];
  const directories = [...objects.directories()];
  for (const { location, key } of candidates) {
    const wanted = key === '' ? '' : `${key.replace(/\/+$/, '')}/`;
    if (directories.some((one) => one.location === location && one.path.startsWith(wanted))) {
      return { location, path: wanted };
    }
  }
  return null;
}

function wholeLocations(
  { locations }: Survey['area'],
  { store, key }: ReturnType<typeof placeOf>,
): readonly { readonly location: number; readonly key: string }[] {
  return locations.flatMap(({ store: itsStore, prefix }, location) =>
    itsStore === store && prefix === `${key}/` ? [{ location, key: prefix }] : [],
  );
}

/** The objects in and below a directory, in the order of keys. */
export function objectsBelow({ objects }: Survey, { location, path }: FoundDirectory): readonly number[] {
  const found: number[] = [];
  for (let object = 0; object < objects.size; object++) {
    const directory = objects.directory(object);
    if (directory.location === location && directory.path.startsWith(path)) found.push(object);
  }
  return found;
}

/** The newest root in or below a directory whose `_metadata` was listed. */
export function newestRootBelow(survey: Survey, { location, path }: FoundDirectory): Root | null {
  const below = survey.reachability.roots.filter(
    (root) =>
      root.location === location && root.key.startsWith(path) && survey.objects.find(root.location, root.key) >= 0,
  );
  return [...below].sort(newestFirst)[0] ?? null;
}

/** The objects whose path ends with these segments, and the roots whose directory does; the newest first. */
export function findByEnd({ objects }: Survey, text: string): readonly number[] {
  if (hasScheme(text) || text.startsWith('/')) return [];
  const end = text.replace(/\/+$/, '');
  const found: number[] = [];
  for (const object of objects.withBaseName(new Set([baseName(end), METADATA_NAME]))) {
    if (endsWithPath(objects.key(object), text)) found.push(object);
  }
  return found.sort((a, b) => objects.modified(b) - objects.modified(a) || a - b);
}
