import { covers, missingRules, places } from './coverage.ts';
import { isRecord, type LifecycleJson, type RuleJson } from './document.ts';
import type { RuleJudgement } from './judgement.ts';
import { isManaged, type LifecyclePolicy, managedRule, mergeRules } from './managed-rules.ts';
import { type LifecycleRule, readingIn, ruleName } from './rule.ts';
import { day, describeCondition } from './sentences.ts';
import type { UnnamedLoss } from './unnamed.ts';

/**
 * `narrowed`: the actions that affect live state were removed, the others are kept. `disabled`: it has parts that the
 * steward does not understand, so it may do harm.
 */
export type ReplacementAction = 'kept' | 'narrowed' | 'removed' | 'disabled' | 'added' | 'replaced';

/** What becomes of one rule in the safe configuration. */
export interface RuleChange {
  readonly action: ReplacementAction;
  /** ID of the rule, or how people know one without. */
  readonly rule: string;
  /** The end of a sentence that begins with the rule: "because it …". */
  readonly why: string;
}

/** A configuration that does not affect live state, to replace the one that a bucket has. */
export interface Replacement {
  /** `TransitionDefaultMinimumObjectSize` is unchanged. */
  readonly document: LifecycleJson;
  /** Whether it differs from what the bucket has. */
  readonly changed: boolean;
  /** One for each rule, in the order of the documents: first what is there, then what is new. */
  readonly changes: readonly RuleChange[];
  /** Why the rules that are missing could not be added; null where they were. */
  readonly problem: string | null;
}

/** What is known of a bucket when its safe configuration is made. */
export interface ReplacementInput {
  /** What the bucket has. Null: no configuration. */
  readonly existing: LifecycleJson | null;
  /** The same rules, read and judged, in the same order. */
  readonly rules: readonly LifecycleRule[];
  readonly judgements: readonly RuleJudgement[];
  readonly unnamed: readonly UnnamedLoss[];
  /** Of the area, in this bucket. */
  readonly prefixes: readonly string[];
  /** Whether the bucket keeps noncurrent versions. Where nobody knows, false: no rule for them is added. */
  readonly versioned: boolean;
  readonly policy: LifecyclePolicy;
}

/**
 * The safe replacement: foreign rules that do no harm are kept, actions that affect live state are removed, and
 * the steward's own rules are added for the prefixes of the area that no other rule covers.
 *
 * A rule is never narrowed to other prefixes: prefixes outside the area may hold savepoints that nobody configured.
 */
export function safeReplacement(input: ReplacementInput): Replacement {
  const { existing, rules, judgements, unnamed, prefixes, versioned, policy } = input;
  const before: LifecycleJson = existing ?? { Rules: [] };
  const kept: RuleJson[] = [];
  const staying: LifecycleRule[] = [];
  const changes: RuleChange[] = [];
  for (const [at, json] of before.Rules.entries()) {
    const rule = rules[at];
    const judgement = judgements[at];
    // The steward's own are merged below; and a rule that was not judged can't be called anything but kept.
    if (rule === undefined || judgement === undefined || isManaged(json)) {
      kept.push(json);
      continue;
    }
    const { after, change } = replaceRule(
      json,
      rule,
      judgement,
      unnamed.find(({ position }) => position === rule.position),
      prefixes,
    );
    changes.push(change);
    if (after === null) continue;
    kept.push(after);
    if (change.action !== 'disabled') staying.push(rule);
  }
  const desired = missingRules(staying, prefixes, versioned).flatMap(({ tidying, prefixes: bare }) =>
    bare.map((prefix) => managedRule(tidying, prefix, policy)),
  );
  const merged = mergeRules({ ...before, Rules: kept }, desired);
  return {
    document: merged.document,
    changed: merged.changed || changes.some(({ action }) => action !== 'kept'),
    changes: [
      ...changes,
      ...merged.removed.map((rule) => ({
        action: 'removed' as const,
        rule,
        why: 'another rule does the same, or its location no longer belongs to the area',
      })),
      ...merged.replaced.map((rule) => ({
        action: 'replaced' as const,
        rule,
        why: 'the configuration sets another time',
      })),
      ...merged.added.map((rule) => ({ action: 'added' as const, rule, why: 'no rule of this prefix did this' })),
    ],
    problem: merged.problem,
  };
}

function replaceRule(
  json: RuleJson,
  rule: LifecycleRule,
  judgement: RuleJudgement,
  unnamed: UnnamedLoss | undefined,
  prefixes: readonly string[],
): { readonly after: RuleJson | null; readonly change: RuleChange } {
  const name = rule.id ?? ruleName(rule);
  const keep = (why: string) => ({ after: json, change: { action: 'kept' as const, rule: name, why } });
  if (!rule.enabled) return keep('it is disabled');
  if (!judgement.applies) return keep('it applies to other keys');
  if (judgement.notUnderstood.length > 0) {
    const why = `it has parts that the steward does not understand: ${judgement.notUnderstood.join(', ')}`;
    return { after: { ...json, Status: 'Disabled' }, change: { action: 'disabled', rule: name, why } };
  }
  const harm = harmOf(rule, judgement, unnamed, prefixes);
  if (harm === null) return keep('it does not affect live state');
  const after = withoutHarm(json);
  const beside = prefixes.some((prefix) => prefix !== rule.filter.prefix && covers(rule, prefix));
  const why = `${harm}${beside ? `. If its effect outside the area is needed, add rules with prefixes of their own` : ''}`;
  return { after, change: { action: after === null ? 'removed' : 'narrowed', rule: name, why } };
}

/**
 * Null where neither a root of today nor any later one below the area's prefixes has to fear the rule. That nothing is
 * there today is no reason to keep a rule: the next savepoint may be.
 */
function harmOf(
  rule: LifecycleRule,
  judgement: RuleJudgement,
  unnamed: UnnamedLoss | undefined,
  prefixes: readonly string[],
): string | null {
  if (judgement.effect === 'harmless') return null;
  const asked = describeCondition(rule);
  const verb = judgement.effect === 'expires' ? 'delete' : 'archive';
  const takes = asked === null ? `${verb}s` : `may ${verb}`;
  const only = asked === null ? '' : ` (${asked})`;
  if (judgement.earliest !== null) {
    const roots = `${judgement.roots} ${judgement.roots === 1 ? 'root' : 'roots'}`;
    return `it ${takes} files that ${roots} ${judgement.roots === 1 ? 'needs' : 'need'}, the first object from ${day(judgement.earliest)} on${only}`;
  }
  if (unnamed !== undefined) {
    return `it ${takes} files that jobs need even if no checkpoint references them, such as ${unnamed.firstKey}${only}`;
  }
  return `it ${takes} what checkpoints and savepoints ${places(rule, prefixes)} will need${only}`;
}

/** The rule without expiry of current versions and without transitions to archives; null where no action is left. */
function withoutHarm(rule: RuleJson): RuleJson | null {
  const entries = Object.entries(rule).flatMap(([key, value]): [string, unknown][] => {
    switch (key) {
      case 'Expiration':
        return isRecord(value) && value.ExpiredObjectDeleteMarker === true
          ? [[key, { ExpiredObjectDeleteMarker: true }]]
          : [];
      case 'Transitions': {
        const readable = Array.isArray(value) ? value.filter((one: unknown) => !archives(one)) : [];
        return readable.length === 0 ? [] : [[key, readable]];
      }
      case 'Transition':
        return archives(value) ? [] : [[key, value]];
      default:
        return [[key, value]];
    }
  });
  return entries.some(([key]) => ACTIONS.has(key)) ? Object.fromEntries(entries) : null;
}

const ACTIONS = new Set([
  'Expiration',
  'Transitions',
  'Transition',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionTransitions',
  'NoncurrentVersionTransition',
  'AbortIncompleteMultipartUpload',
]);

function archives(transition: unknown): boolean {
  return isRecord(transition) && readingIn(String(transition.StorageClass)) !== 'works';
}

/** What was done to rules that were there, a sentence each, for comments in the file that replaces them. */
export function changeComments(changes: readonly RuleChange[]): readonly string[] {
  return changes
    .filter(({ action }) => action !== 'kept' && action !== 'added')
    .map(({ action, rule, why }) => `${JSON.stringify(rule)} ${DONE[action]}: ${why}.`);
}

const DONE = {
  kept: 'is unchanged',
  narrowed: 'was narrowed',
  removed: 'was removed',
  disabled: 'was disabled',
  added: 'is new',
  replaced: 'was replaced',
} as const satisfies Record<ReplacementAction, string>;
