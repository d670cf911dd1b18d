import { compareKeys } from '#core/key-order.ts';
import { areOfOlderForm, canonicalJson, type LifecycleJson, type RuleJson, withPrefix } from './document.ts';

/**
 * The rules that a bucket of checkpoints should have, and how they come into a configuration that others write too.
 *
 * S3 replaces the whole configuration at once and knows no condition for that, so a writer must bring along
 * all that others wrote.
 */

/** The IDs of the steward's own rules begin so; every other rule is somebody else's. */
export const MANAGED_PREFIX = 'flink-steward-';

/** What tidies up what no root ever names: one rule for each, and for each prefix. */
export const TIDYINGS = ['uploads', 'versions', 'markers'] as const;
/** What a lifecycle rule of the steward's own cleans up. */
export type Tidying = (typeof TIDYINGS)[number];

/** The beginnings of the IDs; what follows is the prefix. */
export const MANAGED_IDS = {
  uploads: `${MANAGED_PREFIX}abort-uploads`,
  versions: `${MANAGED_PREFIX}expire-noncurrent`,
  markers: `${MANAGED_PREFIX}remove-delete-markers`,
} as const satisfies Record<Tidying, string>;

/** S3 refuses configurations with more. */
export const MOST_RULES = 1_000;
/** S3 API reference, LifecycleRule. */
const LONGEST_ID = 255;

/** Whole days, at least 1. */
export interface LifecyclePolicy {
  readonly abortUploadsAfter: number;
  readonly keepNoncurrentFor: number;
}

/** What holds where `steward.json` sets nothing. In days. */
export const DEFAULT_LIFECYCLE_POLICY: LifecyclePolicy = { abortUploadsAfter: 7, keepNoncurrentFor: 3 };

/** One rule of the steward's own. None touches the current version of an object. */
export function managedRule(tidying: Tidying, prefix: string, policy: LifecyclePolicy): RuleJson {
  return {
    ID: managedId(tidying, prefix),
    Filter: { Prefix: prefix },
    Status: 'Enabled',
    ...actionOf(tidying, policy),
  };
}

/**
 * All rules that the prefixes should have, in order of their IDs.
 *
 * @param versioned whether the bucket keeps noncurrent versions, or ever did.
 */
export function managedRules(
  prefixes: readonly string[],
  policy: LifecyclePolicy,
  versioned: boolean,
): readonly RuleJson[] {
  const wanted: readonly Tidying[] = versioned ? TIDYINGS : ['uploads'];
  return inOrder(
    [...new Set(prefixes)].flatMap((prefix) => wanted.map((tidying) => managedRule(tidying, prefix, policy))),
  );
}

/** Whether the steward wrote a rule, by the beginning of its ID. */
export function isManaged({ ID }: RuleJson): boolean {
  return typeof ID === 'string' && ID.startsWith(MANAGED_PREFIX);
}

/** A bucket's rules with the steward's own in place, and everybody else's unchanged. */
export interface MergedRules {
  /** What to write; the existing document itself where nothing is to change. Without any rule left, S3 refuses it. */
  readonly document: LifecycleJson;
  readonly changed: boolean;
  /** IDs of the steward's own rules that are added, changed or removed. */
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  /** Why nothing may be written; then the document is the existing one. */
  readonly problem: string | null;
}

/**
 * Brings the steward's own rules into a configuration: the desired ones are added or kept, its other ones are removed.
 * All other rules are kept unchanged and in their order, before the steward's.
 *
 * Where the others are of the older form, which S3 takes no mixture with, the steward's are written in that form too.
 *
 * @param desired rules whose IDs begin with {@link MANAGED_PREFIX}.
 */
export function mergeRules(existing: LifecycleJson, desired: readonly RuleJson[]): MergedRules {
  const ours = new Map(existing.Rules.filter(isManaged).map((rule) => [idOf(rule), rule]));
  const foreign = existing.Rules.filter((rule) => !isManaged(rule));
  const inForm = areOfOlderForm(foreign) ? desired.map(withPrefix) : desired;
  const wanted = new Map(inForm.map((rule) => [idOf(rule), rule]));
  const added = [...wanted.keys()].filter((id) => !ours.has(id)).sort(compareKeys);
  const removed = [...ours.keys()].filter((id) => !wanted.has(id)).sort(compareKeys);
  const replaced = [...wanted]
    .filter(([id, rule]) => ours.has(id) && canonicalJson(ours.get(id)) !== canonicalJson(rule))
    .map(([id]) => id)
    .sort(compareKeys);
  const changed = added.length + removed.length + replaced.length > 0;
  const rules = changed ? [...foreign, ...inOrder([...wanted.values()])] : existing.Rules;
  if (changed && rules.length > MOST_RULES) {
    const problem = `The configuration would have ${rules.length.toLocaleString('en-US')} rules, but S3 allows ${MOST_RULES.toLocaleString('en-US')}, so nothing is changed. Combine some of the rules that others wrote, or use fewer locations.`;
    return { document: existing, changed: false, added: [], replaced: [], removed: [], problem };
  }
  return {
    document: changed ? { ...existing, Rules: rules } : existing,
    changed,
    added,
    replaced,
    removed,
    problem: null,
  };
}

function actionOf(tidying: Tidying, { abortUploadsAfter, keepNoncurrentFor }: LifecyclePolicy): RuleJson {
  switch (tidying) {
    case 'uploads':
      return { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadsAfter } };
    case 'versions':
      return { NoncurrentVersionExpiration: { NoncurrentDays: keepNoncurrentFor } };
    case 'markers':
      return { Expiration: { ExpiredObjectDeleteMarker: true } };
  }
}

function managedId(tidying: Tidying, prefix: string): string {
  const start = MANAGED_IDS[tidying];
  const id = prefix === '' ? start : `${start}:${prefix}`;
  // Prefixes may be longer than IDs; then their ends would not tell two of them apart for sure.
  return id.length <= LONGEST_ID ? id : `${id.slice(0, LONGEST_ID - 9)}~${hash(prefix)}`;
}

/** FNV-1a over UTF-16 units, 8 hex digits: the same on every run, and not guarded against malice. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}

function idOf(rule: RuleJson): string {
  return String(rule.ID);
}

function inOrder(rules: readonly RuleJson[]): readonly RuleJson[] {
  return rules.toSorted((a, b) => compareKeys(idOf(a), idOf(b)));
}
