import { compareKeys } from '../key-order.ts';
import type { Root } from './roots.ts';

/** Which of several roots is the newest. Whoever orders roots asks here, so that all commands name the same one. */

/** What the order of roots depends on. */
type Ordered = Pick<Root, 'location' | 'key' | 'completed' | 'class'>;

/**
 * Whether a root is newer than another: by completion time, and between those of the same time by number. S3 lists
 * whole seconds, and in a bucket that was filled by a copy all roots may bear one time, so equal times are no rare
 * case. A root without a time counts as the oldest, so that it takes no other's place; so does one without a number
 * (a savepoint) among those of its time.
 */
export function isNewer(root: Ordered, than: Ordered): boolean {
  const [its, other] = [timeOf(root), timeOf(than)];
  return its === other ? numberOf(root) > numberOf(than) : its > other;
}

/** The newest first, as `Array.prototype.sort` wants it; those that are as new as each other by place and key. */
export function newestFirst(a: Ordered, b: Ordered): number {
  if (isNewer(a, b)) return -1;
  if (isNewer(b, a)) return 1;
  return a.location - b.location || compareKeys(a.key, b.key);
}

function timeOf({ completed }: Ordered): number {
  return Number.isNaN(completed) ? Number.NEGATIVE_INFINITY : completed;
}

/** The number of a checkpoint; -1 of a root that is none. */
export function numberOf({ class: { checkpoint } }: Pick<Root, 'class'>): bigint {
  return checkpoint ?? -1n;
}
