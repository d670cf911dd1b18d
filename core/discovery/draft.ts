import type { Mapping } from '../area/area.ts';
import { type Place, printPlace } from '../flink/state-path.ts';
import { type AreaFolder, areaFolders } from './area-folders.ts';
import { type Elsewhere, referencedElsewhere } from './elsewhere.ts';
import { entropyFolders } from './entropy.ts';
import type { FolderLook } from './folder-look.ts';
import type { SampledRoot } from './sampled-root.ts';
import { type Site, sitesOf } from './sites.ts';

/** What was found in the places that were looked into, before the places elsewhere are asked that it references. */

/** A bucket or a directory, as far as it was looked into. */
export interface DiscoveredPlace {
  readonly kind: 'bucket' | 'directory';
  /** Where its empty key is. Without a closing slash. */
  readonly top: Place;
  /** The prefix that was asked for, empty or with a closing slash. */
  readonly start: string;
  readonly looks: readonly FolderLook[];
  /** How many folders of a folder were not looked into. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Whether the requests ran out before everything worth a look was seen. */
  readonly isCut: boolean;
  readonly roots: readonly SampledRoot[];
  /** Other names of what is here, each proven by files. */
  readonly names: readonly Mapping[];
}

/** A place with what its folders tell. */
export interface DraftedPlace {
  readonly found: DiscoveredPlace;
  readonly sites: readonly Site[];
  readonly folders: readonly AreaFolder[];
  /** Folders above random names, each with how many of these were seen. */
  readonly entropy: ReadonlyMap<string, number>;
}

/** All places, and what their checkpoints reference beyond the folders that were found. */
export interface Draft {
  readonly places: readonly DraftedPlace[];
  readonly elsewhere: readonly Elsewhere[];
}

/** Makes a draft of what was found. */
export function draftOf(found: readonly DiscoveredPlace[]): Draft {
  const places = found.map((each) => {
    const sites = sitesOf(each.looks);
    const sampled = new Set(each.leftOut.keys());
    const entropy = entropyFolders(sites, (path) => each.roots.some(({ root }) => isIn(root, placeIn(each.top, path))));
    return { found: each, sites, entropy, folders: areaFolders(sites, { sampled, entropy, start: each.start }) };
  });
  const covered = places.flatMap(({ found: { top }, folders }) => folders.map(({ path }) => placeIn(top, path)));
  const roots = found.flatMap((each) => each.roots);
  const names = found.flatMap((each) => each.names);
  const elsewhere = referencedElsewhere(roots, names, (place) => covered.some((each) => isIn(place, each)));
  return { places, elsewhere };
}

/** The place of a key prefix, without a closing slash. */
export function placeIn(top: Place, path: string): Place {
  const key = [top.key, path.replace(/\/$/, '')].filter((part) => part !== '').join('/');
  return { store: top.store, key };
}

/** Whether a place is another one, or below it. */
export function isIn(place: Place, around: Place): boolean {
  return (
    place.store === around.store &&
    (around.key === '' || place.key === around.key || place.key.startsWith(`${around.key}/`))
  );
}

/** A place as people write it: a path of a directory, a URL of anything else. */
export function shownPlace(place: Place): string {
  return place.store === 'file://' ? `/${place.key}` : printPlace(place).replace(/\/$/, '');
}
