import type { Mapping } from '../area/area.ts';
import { classifyDirectory } from '../flink/layout.ts';
import { type Place, printPlace } from '../flink/state-path.ts';
import { movedInto } from './other-names.ts';
import type { SampledRoot } from './sampled-root.ts';
import { parentOf } from './sites.ts';

/** Which folders roots reference that are in none of the folders that were found. */

/** A folder elsewhere, and which root references files in it. */
export interface Elsewhere {
  /** The folder for an area, without a closing slash: the one above job directories and savepoints. */
  readonly folder: Place;
  /** One of the roots. */
  readonly root: Place;
  /** How many files, as far as the roots were read. */
  readonly files: number;
}

/** More in one store than that are joined. */
const MOST_FOLDERS = 6;

/**
 * @param names the other names of these places; what is referenced by one of them is here.
 * @param isCovered whether a place is in the area already.
 */
export function referencedElsewhere(
  roots: readonly SampledRoot[],
  names: readonly Mapping[],
  isCovered: (place: Place) => boolean,
): readonly Elsewhere[] {
  const found = new Map<string, { folder: Place; root: Place; files: number }>();
  for (const { root, folders } of roots) {
    for (const { folder, files, example } of folders) {
      const here = names.map((name) => movedInto(example, name)).find((place) => place !== null) ?? example;
      if (isCovered(example) || isCovered(here)) continue;
      const above = { store: folder.store, key: areaFolderOf(folder.key) };
      const id = printPlace(above);
      const known = found.get(id) ?? { folder: above, root, files: 0 };
      known.files += files;
      found.set(id, known);
    }
  }
  const all = [...found.values()];
  const outermost = all.filter(
    ({ folder }) => !all.some(({ folder: other }) => other !== folder && isBelow(folder, other)),
  );
  const stores = [...new Set(outermost.map(({ folder }) => folder.store))];
  return stores.flatMap((store) => joined(outermost.filter(({ folder }) => folder.store === store)));
}

/** Folders of random names, for one, are joined to the folder above all of them. */
function joined(inStore: readonly Elsewhere[]): readonly Elsewhere[] {
  const [first] = inStore;
  if (first === undefined || inStore.length <= MOST_FOLDERS) return inStore;
  const paths = inStore.map(({ folder }) => folder.key.split('/'));
  const common = paths.reduce((shared, path) => {
    const end = shared.findIndex((name, at) => name !== path[at]);
    return end === -1 ? shared : shared.slice(0, end);
  });
  const files = inStore.reduce((sum, each) => sum + each.files, 0);
  return [{ ...first, folder: { store: first.folder.store, key: common.join('/') }, files }];
}

/** The folder to list for a folder with files: an area must not be a part of a job directory. */
function areaFolderOf(folder: string): string {
  const { role, base } = classifyDirectory(folder);
  const above = role === 'plain' || (role === 'savepoint' && parentOf(base) === '') ? base : parentOf(base);
  return above.replace(/\/$/, '');
}

function isBelow(inner: Place, outer: Place): boolean {
  return inner.store === outer.store && (outer.key === '' || inner.key.startsWith(`${outer.key}/`));
}
