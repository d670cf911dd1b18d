import type { Undecidable } from '../collect/undecidable.ts';
import { printPlace } from '../flink/state-path.ts';
import { count } from '../quantity.ts';
import { shellWord } from '../shell-word.ts';
import { type OutsideRoot, prefixToAdd } from './outside-root.ts';

/** What outside roots mean for the area: why nothing in it is deleted, and what people can do about that. */

/** The surroundings of a part of the area, as far as sentences need them. */
export interface OutsidePlace {
  /** What references call it: `s3://bucket`, `file://`. */
  readonly store: string;
  /** Prefixes of the area there, each empty or with a closing slash. */
  readonly area: readonly string[];
  /** Prefixes that can't become a part of the area, such as the ledger's. */
  readonly never: readonly string[];
  /**
   * Whether a root counts only because of what it references: around a directory whose files have no other name than
   * their path, a file that can't be read is hardly ever a root of this area.
   */
  readonly namingOnly: boolean;
}

/**
 * @param isDeclaredDead whether the operator said that nobody restores this content of the root, by URL and ETag.
 */
export function outsideDoubts(
  place: OutsidePlace,
  roots: readonly OutsideRoot[],
  isDeclaredDead: (url: string, etag: string) => boolean,
): readonly Undecidable[] {
  return roots.flatMap((root) => {
    const url = printPlace({ store: place.store, key: root.key });
    if (isDeclaredDead(url, root.etag)) return [];
    if (root.files > 0) return [namingRoot(place, url, root)];
    return root.failure === null || place.namingOnly ? [] : [unreadableRoot(place, url, root, root.failure)];
  });
}

function namingRoot(place: OutsidePlace, url: string, root: OutsideRoot): Undecidable {
  return {
    code: 'outside-root',
    object: url,
    sentence: `${url} is outside the area and references ${count(root.files, 'file')} in it (the first: ${root.first}). There may be more such checkpoints, so nothing in this area is deleted. ${howToAdd(place, root.key)}. ${orDeclareDead(url, root.etag)}`,
  };
}

function unreadableRoot(
  place: OutsidePlace,
  url: string,
  root: OutsideRoot,
  { fault, sentence }: NonNullable<OutsideRoot['failure']>,
): Undecidable {
  const advice =
    fault === 'contents'
      ? howToAdd(place, root.key)
      : 'Make it readable for the steward, then run again. If it is in an archive class, restore it';
  return {
    code: 'unreadable-outside-root',
    object: url,
    sentence: `${url} is outside the area and can't be read: ${sentence}. It may reference files in the area, so nothing in this area is deleted. ${advice}. ${orDeclareDead(url, root.etag)}`,
  };
}

function howToAdd({ store, area, never }: OutsidePlace, key: string): string {
  const prefix = prefixToAdd(key, never);
  const url = urlOf(store, prefix);
  const inside = area.filter((location) => location.startsWith(prefix)).map((location) => urlOf(store, location));
  return inside.length === 0
    ? `Add ${url} to "area" in steward.json`
    : `In "area" of steward.json, replace ${inside.join(' and ')} with ${url}`;
}

function urlOf(store: string, prefix: string): string {
  return printPlace({ store, key: prefix }).replace(/\/$/, '');
}

function orDeclareDead(url: string, etag: string): string {
  return `If nobody will ever restore it, declare it dead instead, with the same locations and the same ledger: steward declare-dead --root ${shellWord(url)} --etag ${shellWord(etag)} --execute`;
}
