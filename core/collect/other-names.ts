import type { ObjectTable } from '#core/inventory/object-table.ts';
import { accessPointOf } from '../area/access-points.ts';
import type { Area } from '../area/area.ts';
import { parseFlinkPath } from '../flink/state-path.ts';
import { shellWord } from '../shell-word.ts';
import type { NameMatch } from './reachability.ts';
import type { Root } from './roots.ts';
import type { Undecidable } from './undecidable.ts';

/**
 * References that point out of the area though a file of that name lies in it: the place is known by another name, or
 * is a copy. Which of the two decides what a root there needs, so nothing is decided until the operator says it.
 */

/** What references call a place, and what the area calls it; below both lie the same paths. */
interface TwoNames {
  readonly theirs: string;
  readonly ours: string;
  /** Whether the place is a location as a whole, so that a directory can be said to stand for it. */
  readonly isLocation: boolean;
}

/** @param objects the table that the matches are of. */
export function otherNames(area: Area, matches: readonly NameMatch[], objects: ObjectTable): readonly Undecidable[] {
  const byRoot = new Map<Root, { readonly resolved: string; readonly names: TwoNames | null }>();
  for (const { root, resolved, object } of matches) {
    const known = byRoot.get(root);
    if (known === undefined || known.names === null) {
      const names = namesOfPlace(area, objects, object, resolved);
      byRoot.set(root, known !== undefined && names === null ? known : { resolved, names });
    }
  }
  return [...byRoot].map(([root, { resolved, names }]) => {
    const url = area.url(root.location, root.key);
    return {
      code: 'other-name',
      object: url,
      sentence: `${url} references ${resolved}, which is not in this area, but a file with that name is. So this location has another name, or is a copy. ${advice(names)}. Until then nothing in this area is deleted`,
    };
  });
}

function advice(names: TwoNames | null): string {
  if (names === null) {
    return 'Declare which: if that path leads to the same objects, set aliases in steward.json; if this location is a copy of them, set copies; for a directory, use --as URL';
  }
  const { theirs, ours, isLocation } = names;
  const point = accessPointOf(theirs);
  if (point !== null) {
    return `That is ${point.what}, so write ${setting('aliases', theirs, ours)} in steward.json if it leads there`;
  }
  return `If ${theirs} leads to the same objects (a mount, an access point), write ${setting('aliases', theirs, ours)} in steward.json; if this location is a copy of it (a replica, a backup), write ${setting('copies', theirs, ours)}; for a directory, use --as ${isLocation ? shellWord(theirs) : 'URL'}`;
}

/** An entry of the configuration, to be copied. */
export function setting(key: 'aliases' | 'copies', from: string, to: string): string {
  return `${JSON.stringify(key)}: {${JSON.stringify(from)}: ${JSON.stringify(to)}}`;
}

/**
 * What comes before the path that a reference and the key of the found file have in common. Null where that does not
 * reach up to the directory of the job or savepoint: then it may be another job's file, and shows nothing of places.
 */
function namesOfPlace(area: Area, objects: ObjectTable, object: number, resolved: string): TwoNames | null {
  const whole = parseFlinkPath(resolved);
  const location = objects.location(object);
  const key = objects.key(object);
  const storeKey = area.storeKey(location, key);
  const theirs = whole === null ? [] : whole.path.split('/');
  const ours = storeKey.split('/');
  let common = 0;
  while (common < theirs.length - 1 && theirs.at(-1 - common) === ours.at(-1 - common)) {
    common++;
  }
  const { base } = objects.directory(object).class;
  const least = key.slice(base.length).split('/').length + 1;
  if (whole === null || common < Math.min(least, ours.length)) {
    return null;
  }
  const path = theirs.slice(0, -common).join('/');
  const above = key.slice(0, key.length - ours.slice(-common).join('/').length);
  const isTop = path === '' && whole.authority === null;
  return {
    theirs: `${whole.scheme ?? 'file'}://${whole.authority ?? ''}${isTop ? '/' : path}`,
    ours: area.url(location, above).replace(/(?<=[^/])\/$/, ''),
    isLocation: common === ours.length,
  };
}
