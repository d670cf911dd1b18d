import { TIDYINGS, type Tidying } from './managed-rules.ts';
import type { LifecycleRule } from './rule.ts';

/** Whether a bucket's rules tidy up what piles up unseen below the prefixes of the area. */

/** A tidying that a prefix lacks. */
export interface MissingRule {
  readonly tidying: Tidying;
  /** Those of the area for which no rule does it. */
  readonly prefixes: readonly string[];
  /** A rule that looks as if it did, and why it does not. */
  readonly butFor: string | null;
}

/** @param versioned whether the bucket keeps noncurrent versions, or ever did. */
export function missingRules(
  rules: readonly LifecycleRule[],
  prefixes: readonly string[],
  versioned: boolean,
): readonly MissingRule[] {
  const wanted: readonly Tidying[] = versioned ? TIDYINGS : ['uploads'];
  return wanted.flatMap((tidying) => {
    const bare = prefixes.filter((prefix) => !rules.some((rule) => tidies(rule, tidying, prefix)));
    return bare.length === 0 ? [] : [{ tidying, prefixes: bare, butFor: butFor(rules, tidying, bare) }];
  });
}

/** After how many days every noncurrent version below the prefixes is expired; null where one of them has no such rule. */
export function versionsExpireAfter(rules: readonly LifecycleRule[], prefixes: readonly string[]): number | null {
  const each = prefixes.map((prefix) =>
    rules
      .filter((rule) => tidies(rule, 'versions', prefix))
      .flatMap(({ noncurrentExpiry }) => noncurrentExpiry?.days ?? [])
      .reduce((least, days) => Math.min(least, days), Number.POSITIVE_INFINITY),
  );
  const longest = Math.max(...each);
  return Number.isFinite(longest) ? longest : null;
}

/** Whether a rule does this to everything below a prefix. */
export function tidies(rule: LifecycleRule, tidying: Tidying, prefix: string): boolean {
  const { tags, largerThan, smallerThan, understood } = rule.filter;
  const takesAll = tags.length === 0 && largerThan === null && smallerThan === null && understood;
  return rule.enabled && takesAll && covers(rule, prefix) && does(rule, tidying);
}

/** Whether all keys below a prefix begin with what the rule asks for. */
export function covers({ filter }: LifecycleRule, prefix: string): boolean {
  return prefix.startsWith(filter.prefix);
}

/** Whether a rule may take a key below one of the prefixes, as far as the key tells. */
export function touches(rule: LifecycleRule, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => covers(rule, prefix) || rule.filter.prefix.startsWith(prefix));
}

/** Below which prefixes of the area a rule acts, as the end of a sentence: `below 'flink/savepoints/'`. */
export function places(rule: LifecycleRule, prefixes: readonly string[]): string {
  const own = rule.filter.prefix;
  const covered = prefixes.filter((prefix) => covers(rule, prefix));
  const within = prefixes.some((prefix) => own.startsWith(prefix) && own !== prefix);
  const all = [...new Set([...covered, ...(within ? [own] : [])])];
  if (all.length === 0 || all.includes('')) return 'anywhere in the bucket';
  return `below ${all.map((prefix) => `'${prefix}'`).join(' and ')}`;
}

/**
 * A rule that spares the newest noncurrent version of each key expires nothing here: Flink writes each key once, so
 * that what it deleted has exactly one.
 */
function does({ abortsUploadsAfter, noncurrentExpiry, bystanders }: LifecycleRule, tidying: Tidying): boolean {
  switch (tidying) {
    case 'uploads':
      return abortsUploadsAfter !== null;
    case 'versions':
      return noncurrentExpiry !== null && noncurrentExpiry.keepsNewest === 0;
    case 'markers':
      return bystanders.includes('delete-markers');
  }
}

function butFor(rules: readonly LifecycleRule[], tidying: Tidying, prefixes: readonly string[]): string | null {
  const sparing = rules.find(
    (rule) => rule.enabled && touches(rule, prefixes) && (rule.noncurrentExpiry?.keepsNewest ?? 0) > 0,
  );
  if (tidying !== 'versions' || sparing === undefined) return null;
  const name = sparing.id === null ? `rule ${sparing.position}` : `rule ${JSON.stringify(sparing.id)}`;
  return `${name} keeps the newest noncurrent version of each key, and Flink writes each key once`;
}
