import type { Area } from '../area/area.ts';
import type { ObjectTable } from '../area/object-table.ts';
import { parseFlinkPath } from '../flink/state-path.ts';
import { shellWord } from '../shell-word.ts';
import type { NameMatch } from './reachability.ts';
import type { Root } from './roots.ts';

/**
 * When an area can't be decided in a run. Then nothing in it is deleted: a root that was not read may name anything.
 */

export const UNDECIDABLE_CODES = [
  'unreadable-root',
  'archived-root',
  'foreign-root',
  'other-name',
  'vanished-root',
  'lost-directory',
  'hidden-roots',
] as const;
export type UndecidableCode = (typeof UNDECIDABLE_CODES)[number];

/** One reason, with what to do about it. */
export interface Undecidable {
  readonly code: UndecidableCode;
  /** The whole key or URL it is about. */
  readonly object: string;
  readonly sentence: string;
}

/** Roots that exist and could not be read to their last byte. */
export function unreadableRoots(area: Area, roots: readonly Root[]): readonly Undecidable[] {
  return roots.flatMap((root) => {
    if (root.state !== 'unreadable' || root.failure === null) {
      return [];
    }
    const url = area.url(root.location, root.key);
    if (root.failure.archived) {
      return {
        code: 'archived-root',
        object: url,
        sentence: `${url} lies in an archive class and can't be read: ${root.failure.sentence}. What it names is unknown, so nothing in this area is deleted; restore the object from the archive, then run again`,
      };
    }
    return {
      code: 'unreadable-root',
      object: url,
      sentence: `${url} can't be read: ${root.failure.sentence}. What it names is unknown, so nothing in this area is deleted. If nobody will restore from it, remove it or say so: steward declare-dead --root ${shellWord(url)} --etag ${shellWord(root.etag)}`,
    };
  });
}

/** Roots of which no reference lies in the area: they belong to a place this survey does not see. */
export function foreignRoots(area: Area, roots: readonly Root[]): readonly Undecidable[] {
  return roots.flatMap((root) => {
    if (root.inArea > 0 || root.outside === 0) {
      return [];
    }
    const url = area.url(root.location, root.key);
    return {
      code: 'foreign-root',
      object: url,
      sentence: `${url} names files, but none of them in this area (the first: ${root.firstOutside}). Either this place has another name (then say so: --as URL for a directory, aliases in steward.json for a bucket), or the area lacks a location, or that place is known and foreign (outside in steward.json). Until then nothing in this area is deleted`,
    };
  });
}

/**
 * References that point out of the area though a file of that name lies in it.
 *
 * @param objects the table that the matches are of; with it the sentence can say which name the place seems to have.
 */
export function otherNames(
  area: Area,
  matches: readonly NameMatch[],
  objects: Pick<ObjectTable, 'key' | 'location'> | null = null,
): readonly Undecidable[] {
  const byRoot = new Map<Root, { readonly resolved: string; readonly name: string | null }>();
  for (const { root, resolved, object } of matches) {
    const known = byRoot.get(root);
    if (known === undefined || known.name === null) {
      const name = objects === null ? null : nameOfPlace(resolved, storeKeyOf(area, objects, object));
      byRoot.set(root, known !== undefined && name === null ? known : { resolved, name });
    }
  }
  return [...byRoot].map(([root, { resolved, name }]) => {
    const url = area.url(root.location, root.key);
    const advice =
      name === null
        ? 'Say which: --as URL for a directory, aliases in steward.json for a bucket'
        : `It seems to be ${name}. If so, say it: --as ${shellWord(name)} for a directory, aliases in steward.json for a bucket`;
    return {
      code: 'other-name',
      object: url,
      sentence: `${url} names ${resolved}, which is not in this area, but a file of that name is. So this place seems to have another name (a copy, a mount, an access-point alias). ${advice}. Until then nothing in this area is deleted`,
    };
  });
}

function storeKeyOf(area: Area, objects: Pick<ObjectTable, 'key' | 'location'>, object: number): string {
  return area.storeKey(objects.location(object), objects.key(object));
}

/** What a reference calls the place of a file: all that comes before the path by which the place knows the file. */
function nameOfPlace(resolved: string, storeKey: string): string | null {
  const whole = parseFlinkPath(resolved);
  if (!whole?.path.endsWith(`/${storeKey}`)) {
    return null;
  }
  const path = whole.path.slice(0, -storeKey.length - 1);
  return `${whole.scheme ?? 'file'}://${whole.authority ?? ''}${path === '' && whole.authority === null ? '/' : path}`;
}

/** Directories whose roots vanished faster than they could be read. */
export function unsettledDirectories(area: Area, unsettled: readonly Root[]): readonly Undecidable[] {
  return unsettled.map((root) => {
    const url = area.url(root.location, root.key);
    return {
      code: 'vanished-root',
      object: url,
      sentence: `${url} was listed but had gone when it was to be read, and no later checkpoint of ${root.class.base} could be read in its place. What it named is unknown, so nothing in this area is deleted in this run; run again`,
    };
  });
}

/** Directories that held a root in the last run and of which none could be read in this one. */
export function lostDirectories(lost: readonly string[]): readonly Undecidable[] {
  return lost.map((directory) => ({
    code: 'lost-directory',
    object: directory,
    sentence: `${directory} held a checkpoint or savepoint in the last run, and none could be read in this one. It may be in motion, so nothing in this area is deleted in this run; run again`,
  }));
}

/** Entries behind which roots may lie that the listing can't show. */
export function hiddenRoots(
  entries: readonly { readonly url: string; readonly what: string }[],
): readonly Undecidable[] {
  return entries.map(({ url, what }) => ({
    code: 'hidden-roots',
    object: url,
    sentence: `${url} is ${what}. It is not followed, and checkpoints behind it would not be seen, so nothing in this area is deleted; add its target to the area as a location of its own, or take the link away`,
  }));
}
