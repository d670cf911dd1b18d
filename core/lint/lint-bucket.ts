import { type Expression, expressionsIn } from '#core/lifecycle/expression.ts';
import { judgeLifecycle } from '#core/lifecycle/judge.ts';
import type { RuleJudgement } from '#core/lifecycle/judgement.ts';
import { type LossEffect, lossesBy } from '#core/lifecycle/loss.ts';
import type { LifecyclePolicy } from '#core/lifecycle/managed-rules.ts';
import { safeReplacement } from '#core/lifecycle/replacement.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { describeCondition } from '#core/lifecycle/sentences.ts';
import type { LintableBucket, SettledRules } from './configured-bucket.ts';
import { lintSentence } from './lint-sentence.ts';
import type { LintedLoss, LintedRule, LintedRules, LintVerdict, Unwritten } from './linted.ts';
import type { StatePlaces } from './state-places.ts';

/**
 * Judges the rules of one bucket as a file has them, by the same judgement as those of a bucket that can be read: only
 * what lies in it is not known.
 *
 * @param now epoch milliseconds.
 */
export function lintBucket(
  bucket: LintableBucket,
  places: StatePlaces,
  policy: LifecyclePolicy,
  now: number,
): LintedRules {
  const worst = judgedAt(bucket.worst, places, now);
  const best = judgedAt(bucket.best, places, now);
  const rules = worst.map((judged, at) => lintRule(bucket, judged, best[at]?.judgement.dangerous === true, places, at));
  const takes = rules.some(({ verdict }) => verdict === 'takes' || verdict === 'undecided');
  const replacement = takes
    ? safeReplacement({
        existing: bucket.document,
        rules: bucket.worst.rules,
        judgements: worst.map(({ judgement }) => judgement),
        unnamed: [],
        prefixes: places.prefixes,
        versioned: bucket.versioned,
        policy,
      })
    : null;
  return { rules, replacement };
}

interface JudgedRule {
  readonly rule: LifecycleRule;
  readonly judgement: RuleJudgement;
}

/** A rule that seems to be about something else is judged as one that reaches no state. */
function judgedAt(
  { rules, transitionMinimum }: SettledRules,
  { prefixes, spared }: StatePlaces,
  now: number,
): readonly JudgedRule[] {
  return rules.flatMap((rule) => {
    const reached = spared.has(rule.filter.prefix) ? [] : prefixes;
    const judged = judgeLifecycle([rule], [], now, { transitionMinimum, prefixes: reached }).rules;
    return judged.map((judgement) => ({ rule, judgement }));
  });
}

function lintRule(
  bucket: LintableBucket,
  { rule, judgement }: JudgedRule,
  takesAtBest: boolean,
  { known, prefixes }: StatePlaces,
  at: number,
): LintedRule {
  const unwritten = expressionsIn(bucket.document.Rules[at]).map(({ path, expression }) =>
    toUnwritten(path, expression),
  );
  const unknown = unwritten.filter(({ taken }) => taken === null);
  const isOpen = unknown.length > 0 && !takesAtBest;
  const verdict = verdictOf(judgement, rule, isOpen || known === 'unnamed');
  const condition = conditionOf(rule, bucket.conditions[at] ?? null);
  const losses = lintedLosses(rule, bucket.worst, unknown);
  return {
    id: rule.id,
    position: rule.position,
    status: judgement.status,
    line: bucket.lines[at] ?? null,
    verdict,
    certain: condition === null,
    condition,
    effect: judgement.effect,
    losses,
    unwritten,
    notUnderstood: judgement.notUnderstood,
    notes: verdict === 'elsewhere' ? [] : judgement.notes,
    sentence: lintSentence({ rule, judgement, verdict, condition, losses, unknown, prefixes }),
  };
}

function verdictOf(judgement: RuleJudgement, { filter }: LifecycleRule, isUndecided: boolean): LintVerdict {
  if (judgement.status === 'Disabled') return 'harmless';
  if (!judgement.applies) return 'elsewhere';
  if (!judgement.dangerous) return 'harmless';
  // What is not understood may do more harm, but only a filter can take away from the harm that is.
  return isUndecided || judgement.effect === 'unclear' || !filter.understood ? 'undecided' : 'takes';
}

function conditionOf(rule: LifecycleRule, ofTemplate: string | null): string | null {
  const conditions = [
    ...(ofTemplate === null ? [] : [`if the condition ${ofTemplate} of the template holds`]),
    ...[describeCondition(rule) ?? []].flat(),
  ];
  return conditions.length === 0 ? null : conditions.join(', and ');
}

function lintedLosses(
  rule: LifecycleRule,
  { transitionMinimum }: SettledRules,
  unknown: readonly Unwritten[],
): readonly LintedLoss[] {
  return lossesBy(rule, transitionMinimum ?? 'all_storage_classes_128K').map(
    ({ effect, when, storageClass, fromBytes }) => {
      const hidden = unknown.find(({ path }) => isTimeOf(effect, path));
      return {
        effect,
        days: when.by === 'age' && hidden === undefined ? when.days : null,
        date: when.by === 'date' && hidden === undefined ? when.date : null,
        unwritten: hidden?.expression ?? null,
        storageClass,
        largerThan: rule.filter.largerThan ?? (fromBytes > 0 ? fromBytes - 1 : null),
        smallerThan: rule.filter.smallerThan,
      };
    },
  );
}

function isTimeOf(effect: LossEffect, path: string): boolean {
  return effect === 'expires' ? path.startsWith('Expiration') : path.startsWith('Transition');
}

function toUnwritten(path: string, { text, value }: Expression): Unwritten {
  return { path, expression: text, taken: value === undefined ? null : String(value) };
}
