import type { Mapping } from '#core/area/area.ts';
import { type DiscoveredPlace, isIn, placeIn } from '#core/discovery/draft.ts';
import { traitsOf } from '#core/discovery/folder-look.ts';
import { type PossibleName, possibleNames } from '#core/discovery/other-names.ts';
import type { Place } from '#core/flink/state-path.ts';
import type { ObjectStore } from '#ports/object-store.ts';
import { type LookingAround, lookAround } from './look-around.ts';
import { sampleRoots } from './sample-roots.ts';

/** Finds out what is in a bucket or a directory. It reads only. */

export interface Discovering {
  readonly kind: DiscoveredPlace['kind'];
  readonly store: ObjectStore;
  /** The place of the store's empty key. */
  readonly top: Place;
  /** Empty or with a closing slash. */
  readonly start: string;
  readonly signal?: AbortSignal | undefined;
  readonly onLooked?: LookingAround['onLooked'];
}

/** So many other names are tried. */
const MOST_NAMES = 8;

/** @throws StoreError where it can't be listed, or no root may be read. */
export async function discover({ kind, store, top, start, signal, onLooked }: Discovering): Promise<DiscoveredPlace> {
  const { looks, leftOut, isCut } = await lookAround(store, start, { signal, onLooked });
  const roots = await sampleRoots(store, top, looks, signal);
  const names: Mapping[] = [];
  const directories = looks.filter((look) => traitsOf(look).content !== null).map(({ path }) => folderIn(top, path));
  for (const possible of possibleNames(roots, directories).slice(0, MOST_NAMES)) {
    if (await isProven(store, top, possible, signal)) names.push(possible.mapping);
  }
  return { kind, top, start, looks, leftOut, isCut, roots, names };
}

function folderIn(top: Place, path: string): Place {
  const place = placeIn(top, path);
  return { ...place, key: place.key === '' ? '' : `${place.key}/` };
}

/** Whether a file that is referenced by the other name is here. */
async function isProven(
  store: ObjectStore,
  top: Place,
  { proofs }: PossibleName,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const proof of proofs) {
    const isHere = isIn(proof, top);
    const key = top.key === '' ? proof.key : proof.key.slice(top.key.length + 1);
    if (isHere && (await exists(store, key, signal))) return true;
  }
  return false;
}

/** Listed, because the right to read is often granted for roots alone. */
async function exists(store: ObjectStore, key: string, signal: AbortSignal | undefined): Promise<boolean> {
  for await (const page of store.list({ prefix: key }, signal === undefined ? {} : { signal })) {
    for (const object of page) {
      if (object.key === key) return true;
    }
  }
  return false;
}
