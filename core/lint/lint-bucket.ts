import { type Expression, expressionsIn } from '#core/lifecycle/expression.ts';
import { judgeLifecycle } from '#core/lifecycle/judge.ts';
import type { RuleJudgement } from '#core/lifecycle/judgement.ts';
import { type Loss, lossesBy } from '#core/lifecycle/loss.ts';
import type { LifecyclePolicy } from '#core/lifecycle/managed-rules.ts';
import { safeReplacement } from '#core/lifecycle/replacement.ts';
import type { LifecycleRule } from '#core/lifecycle/rule.ts';
import { describeCondition } from '#core/lifecycle/sentences.ts';
import type { LintableBucket, SettledRules } from './configured-bucket.ts';
import { lintSentence } from './lint-sentence.ts';
import type { ElsewhereBy, LintedLoss, LintedRule, LintedRules, LintVerdict, Unwritten } from './linted.ts';
import type { StatePlaces } from './state-places.ts';
import { matchesNothing } from './telling-prefixes.ts';

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
  const judged = bucket.worst.rules.flatMap((rule, at) => judgeRule(bucket, rule, at, places, now));
  const rules = judged.map((one, at) => lintRule(bucket, one, places, at));
  const takes = rules.some(({ verdict }) => verdict === 'takes' || verdict === 'undecided');
  const replacement = takes
    ? safeReplacement({
        existing: bucket.document,
        rules: bucket.worst.rules,
        judgements: judged.map(({ judgement }) => judgement),
        unnamed: [],
        prefixes: [...new Set(judged.flatMap(({ reached }) => reached))],
        versioned: bucket.versioned,
        policy,
      })
    : null;
  return { rules, replacement };
}

interface JudgedRule {
  readonly rule: LifecycleRule;
  readonly judgement: RuleJudgement;
  /** Where it may meet state. */
  readonly reached: readonly string[];
  /** Whether it takes state whatever the file does not tell. */
  readonly takesAtBest: boolean;
}

function judgeRule(
  { worst, best }: LintableBucket,
  rule: LifecycleRule,
  at: number,
  places: StatePlaces,
  now: number,
): readonly JudgedRule[] {
  const reached = reachedBy(rule.filter.prefix, places);
  const judge = ({ transitionMinimum }: SettledRules, rules: readonly LifecycleRule[]) =>
    judgeLifecycle(rules, [], now, { transitionMinimum, prefixes: reached }).rules;
  const takesAtBest = judge(best, best.rules.slice(at, at + 1)).some(({ dangerous }) => dangerous);
  return judge(worst, [rule]).map((judgement) => ({ rule, judgement, reached, takesAtBest }));
}

function reachedBy(prefix: string, { prefixes, spared, doubted }: StatePlaces): readonly string[] {
  // Where somebody keeps state below such a prefix, they have named it.
  const isVain = matchesNothing(prefix) && !prefixes.some(matchesNothing);
  if (isVain || spared.has(prefix)) return [];
  return doubted.has(prefix) && prefix !== '' ? [prefix] : prefixes;
}

function lintRule(
  bucket: LintableBucket,
  { rule, judgement, reached, takesAtBest }: JudgedRule,
  places: StatePlaces,
  at: number,
): LintedRule {
  const json = bucket.document.Rules[at];
  const unwritten = expressionsIn(json).map(({ path, expression }) => toUnwritten(path, expression));
  const unknown = unwritten.filter(({ taken }) => taken === null);
  const hiddenPrefix = unknown.find(({ path }) => path.endsWith('Prefix')) ?? null;
  const { prefix } = rule.filter;
  const isGuess = places.known !== 'named';
  // Below a prefix that the file does not tell may be anything, as long as state is only guessed to be in the bucket.
  const isDoubted = places.doubted.has(prefix) || (isGuess && prefix === '' && hiddenPrefix !== null);
  const isOpen = unknown.length > 0 && !takesAtBest;
  const verdict = verdictOf(judgement, rule, isOpen || isDoubted || places.known === 'unnamed');
  const condition = conditionOf(rule, bucket.conditions[at] ?? null, unknown);
  const losses = lintedLosses(rule, bucket.worst, unknown);
  const elsewhere = verdict === 'elsewhere' ? elsewhereBy(prefix, reached, places) : null;
  const sentence = lintSentence({
    rule,
    judgement,
    verdict,
    elsewhere,
    condition,
    losses,
    unknown,
    hiddenPrefix,
    reached,
    isNameless: places.doubted.has(prefix),
  });
  return {
    id: rule.id,
    position: rule.position,
    status: judgement.status,
    line: bucket.lines[at] ?? null,
    verdict,
    elsewhere,
    certain: condition === null,
    condition,
    effect: judgement.effect,
    losses,
    unwritten,
    notUnderstood: judgement.notUnderstood,
    notes: verdict === 'elsewhere' ? [] : judgement.notes,
    sentence,
  };
}

function elsewhereBy(prefix: string, reached: readonly string[], { spared }: StatePlaces): ElsewhereBy {
  if (spared.has(prefix)) return 'by-name';
  return matchesNothing(prefix) && reached.length === 0 ? 'matches-nothing' : 'other-prefix';
}

function verdictOf(judgement: RuleJudgement, { filter }: LifecycleRule, isUndecided: boolean): LintVerdict {
  if (judgement.status === 'Disabled') return 'harmless';
  if (!judgement.applies) return 'elsewhere';
  if (!judgement.dangerous) return 'harmless';
  // What is not understood may do more harm, but only a filter can take away from the harm that is.
  return isUndecided || judgement.effect === 'unclear' || !filter.understood ? 'undecided' : 'takes';
}

function conditionOf(rule: LifecycleRule, ofTemplate: string | null, unknown: readonly Unwritten[]): string | null {
  const tags = unknown.find(({ path }) => /\bTags?\b/.test(path));
  const asked =
    tags === undefined
      ? describeCondition(rule)
      : `if the objects carry tags that the file does not tell (${tags.expression})`;
  const conditions = [
    ...(ofTemplate === null ? [] : [`if the condition ${ofTemplate} of the template holds`]),
    ...(asked === null ? [] : [asked]),
  ];
  return conditions.length === 0 ? null : conditions.join(', and ');
}

function lintedLosses(
  rule: LifecycleRule,
  { transitionMinimum }: SettledRules,
  unknown: readonly Unwritten[],
): readonly LintedLoss[] {
  return lossesBy(rule, transitionMinimum ?? 'all_storage_classes_128K').map((loss): LintedLoss => {
    const { effect, when, storageClass, fromBytes } = loss;
    const path = effect === 'expires' ? 'Expiration' : transitionPath(rule, loss);
    const time = unknown.find((one) => one.path === `${path}.Days` || one.path === `${path}.Date`);
    const hiddenClass = unknown.find((one) => one.path === `${path}.StorageClass`);
    return {
      effect,
      days: when.by === 'age' && time === undefined ? when.days : null,
      date: when.by === 'date' && time === undefined ? when.date : null,
      unwritten: time?.expression ?? null,
      storageClass: hiddenClass === undefined ? storageClass : null,
      unwrittenClass: hiddenClass?.expression ?? null,
      largerThan: rule.filter.largerThan ?? (fromBytes > 0 ? fromBytes - 1 : null),
      smallerThan: rule.filter.smallerThan,
    };
  });
}

/** Files that have expressions write every move into the list. */
function transitionPath({ transitions }: LifecycleRule, { when }: Loss): string {
  return `Transitions[${transitions.findIndex((transition) => transition.when === when)}]`;
}

function toUnwritten(path: string, { text, value }: Expression): Unwritten {
  return { path, expression: text, taken: value === undefined ? null : String(value) };
}
