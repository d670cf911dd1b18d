import { type LifecycleRule, type ObjectFilter, readingIn, type TransitionMinimum, type When } from './rule.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Ten years with three leap days. What a rule does later is told, and nobody has to act on it now. */
const FAR = 3_653 * DAY;

/** S3 user guide: 128 KB counts 1,024 bytes to the KB. */
const SMALLEST_MOVED = 128 * 1024;

/** Expired objects are deleted. Archived objects can't be read, so a restore fails too. */
export type LossEffect = 'expires' | 'archives';

/** One way in which a rule makes current objects unreadable. */
export interface Loss {
  readonly effect: LossEffect;
  readonly when: When;
  /** The class that objects are archived to; null for expiry. */
  readonly storageClass: string | null;
  /** Smaller objects are not affected. */
  readonly fromBytes: number;
}

/**
 * All ways in which a rule makes current objects unreadable; none for a disabled rule. Expiry comes first, because
 * S3 prefers it where both are due at once.
 *
 * The minimum holds for transitions only, and any size filter of the rule overrides it (S3 API reference,
 * TransitionDefaultMinimumObjectSize). With `varies_by_storage_class` small objects do go to both archive classes.
 */
export function lossesBy(rule: LifecycleRule, minimum: TransitionMinimum): readonly Loss[] {
  if (!rule.enabled) return [];
  const spared = minimum === 'all_storage_classes_128K' && !hasSizeFilter(rule.filter);
  const archived = rule.transitions
    .filter(({ storageClass }) => readingIn(storageClass) === 'fails')
    .map(({ when, storageClass }): Loss => {
      return { effect: 'archives', when, storageClass, fromBytes: spared ? SMALLEST_MOVED : 0 };
    });
  const expired: Loss[] =
    rule.expiration === null ? [] : [{ effect: 'expires', when: rule.expiration, storageClass: null, fromBytes: 0 }];
  return [...expired, ...archived];
}

/** What a filter asks of an object. */
interface Takeable {
  readonly key: string;
  readonly bytes: number;
  /** Whether it is outside the area, where nobody has listed it. */
  readonly outside: boolean;
}

/** Whether a filter limits the sizes of the objects that it matches. */
export function hasSizeFilter(filter: ObjectFilter): boolean {
  return filter.largerThan !== null || filter.smallerThan !== null;
}

/**
 * Whether a filter matches an object by its key and size. Tags are ignored: listings have none. So is the size of an
 * object outside the area: nobody knows it.
 */
export function takes(filter: ObjectFilter, { key, bytes, outside }: Takeable): boolean {
  if (!key.startsWith(filter.prefix)) return false;
  if (outside) return true;
  return (
    (filter.largerThan === null || bytes > filter.largerThan) &&
    (filter.smallerThan === null || bytes < filter.smallerThan)
  );
}

/**
 * From when on S3 may act on an object, in epoch milliseconds: a midnight UTC, unless the date of a rule has passed.
 *
 * S3 user guide: the days are added to the time of creation, and the sum is rounded up to the next midnight UTC. The
 * guide leaves open what becomes of a sum that is a midnight; the earlier reading is taken, as the later one could
 * announce a loss a day too late. A date holds for all objects from that midnight on; those written later, too, may
 * go from the moment they are there ("immediately eligible").
 *
 * @param modified LastModified in epoch milliseconds; a lifecycle transition does not change it.
 */
export function dueAt(when: When, modified: number): number {
  if (when.by === 'age') return midnightFrom(modified + when.days * DAY);
  return Math.max(Math.floor(when.date / DAY) * DAY, modified);
}

/** Whether a time is more than ten years away. */
export function isFar(time: number, now: number): boolean {
  return time > now + FAR;
}

/** Whether a loss comes only to objects that are more than ten years old, or on a date that is so far away. */
export function actsFar({ when }: Loss, now: number): boolean {
  return when.by === 'age' ? when.days * DAY > FAR : isFar(when.date, now);
}

function midnightFrom(time: number): number {
  return Math.ceil(time / DAY) * DAY;
}
