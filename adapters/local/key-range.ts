import { compareKeys } from '#core/key-order.ts';
import type { KeyRange } from '#ports/object-store.ts';

export function isInRange(key: string, { prefix, after, until }: KeyRange): boolean {
  if (!key.startsWith(prefix)) return false;
  if (after !== undefined && compareKeys(key, after) <= 0) return false;
  return until === undefined || compareKeys(key, until) <= 0;
}

/**
 * Whether any key below a folder could lie in the range. All such keys begin with the folder's, which ends in `/`, and
 * are longer.
 */
export function mayMeetRange(folder: string, { prefix, after, until }: KeyRange): boolean {
  if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) return false;
  // `after` below the folder itself leaves the keys that follow it; else a smaller folder is smaller as a whole.
  if (after !== undefined && compareKeys(folder, after) < 0 && !after.startsWith(folder)) return false;
  return until === undefined || compareKeys(folder, until) < 0;
}

/** The deepest folder that holds the whole range: '' or a key that ends in `/`. */
export function folderOfPrefix(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('/') + 1);
}
