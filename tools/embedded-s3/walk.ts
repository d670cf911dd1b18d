import { lessThan, notGreaterThan } from '#tools/embedded-s3/key-bounds.ts';
import type { ObjectIndex } from '#tools/embedded-s3/object-index.ts';
import type { StoredVersion } from '#tools/embedded-s3/stored-version.ts';

/** How far a listing has come. */
export interface Place {
  /** The last key or folder that was listed. */
  readonly after: string;
  /** Whether all keys that start with `after` are behind us too. */
  readonly wholeFolder: boolean;
}

export interface WalkOptions {
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly after: Place | null;
  /** Keys and folders together. */
  readonly most: number;
}

export interface Page {
  readonly objects: readonly StoredVersion[];
  readonly folders: readonly string[];
  /** Where it continues; null at the end. */
  readonly next: Place | null;
}

/** One page of what a listing sees: objects, and the folders that a delimiter makes of them. */
export function walk(index: ObjectIndex, { prefix, delimiter, after, most }: WalkOptions): Page {
  const objects: StoredVersion[] = [];
  const folders: string[] = [];
  let place = after;
  let next = index.seek(isBehind(prefix, place, index.allPlain));
  for (let object = next(); object?.key.startsWith(prefix); object = next()) {
    if (object.deleteMarker) continue;
    const isFull = objects.length + folders.length >= most;
    if (isFull) return { objects, folders, next: most === 0 ? null : place };
    const folder = folderOf(object.key, prefix, delimiter);
    if (folder === null) {
      objects.push(object);
      place = { after: object.key, wholeFolder: false };
    } else {
      folders.push(folder);
      place = { after: folder, wholeFolder: true };
      next = index.seek(isBehind(prefix, place, index.allPlain));
    }
  }
  return { objects, folders, next: null };
}

/** The part of a key up to and with the first delimiter behind the prefix. */
export function folderOf(key: string, prefix: string, delimiter: string): string | null {
  if (delimiter === '') return null;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? null : key.slice(0, at + delimiter.length);
}

/**
 * Where a listing begins that is to show what follows a key. A folder counts by its own name, not by what is in it: one
 * that the key lies in, or is, does not follow the key. MinIO, moto and Ceph do so too.
 */
export function placeBehind(key: string, prefix: string, delimiter: string): Place | null {
  if (key === '') return null;
  const folder = key.startsWith(prefix) ? folderOf(key, prefix, delimiter) : null;
  return folder === null ? { after: key, wholeFolder: false } : { after: folder, wholeFolder: true };
}

/** True for all keys that lie before the listing's next one, which is what {@link ObjectIndex.seek} needs. */
export function isBehind(prefix: string, place: Place | null, allPlain: boolean): (key: string) => boolean {
  const isBeforePrefix = lessThan(prefix, allPlain);
  if (place === null) return isBeforePrefix;
  const { after, wholeFolder } = place;
  const isListed = notGreaterThan(after, allPlain);
  return (key) => isListed(key) || (wholeFolder && key.startsWith(after)) || isBeforePrefix(key);
}
