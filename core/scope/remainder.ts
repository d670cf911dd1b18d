import { compareKeys } from '../key-order.ts';

/** The part of a bucket that no location of the area covers. */

/** Keys that are greater than `after` and not greater than `until`. */
export interface KeySpan {
  readonly after?: string;
  readonly until?: string;
}

/** ASCII, so that every store takes it. What follows it below a prefix is listed too, and left out key by key. */
const LAST_PRINTABLE = '~';

/**
 * The spans between prefixes, in the order of keys. They may hold some keys of the prefixes at their ends:
 * {@link isCovered} tells those. They never miss a key that is not covered.
 *
 * @param prefixes each with a closing slash, none within another; an empty one covers everything.
 * @param cursor what is not greater is left out.
 */
export function spansBetween(prefixes: readonly string[], cursor: string | null = null): readonly KeySpan[] {
  if (prefixes.includes('')) {
    return [];
  }
  const sorted = [...prefixes].sort(compareKeys);
  const ends = [...sorted, undefined];
  const spans = ends.map((until, at): KeySpan => {
    const before = sorted[at - 1];
    const after = before === undefined ? undefined : `${before}${LAST_PRINTABLE}`;
    return { ...(after === undefined ? {} : { after }), ...(until === undefined ? {} : { until }) };
  });
  return cursor === null ? spans : spans.flatMap((span) => beyond(span, cursor));
}

/** Whether a key, or all keys below a folder, belong to one of the prefixes. */
export function isCovered(key: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => key.startsWith(prefix));
}

function beyond(span: KeySpan, cursor: string): readonly KeySpan[] {
  if (span.until !== undefined && compareKeys(span.until, cursor) <= 0) {
    return [];
  }
  return span.after !== undefined && compareKeys(span.after, cursor) >= 0 ? [span] : [{ ...span, after: cursor }];
}
