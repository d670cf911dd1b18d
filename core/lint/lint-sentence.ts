import { places } from '#core/lifecycle/coverage.ts';
import type { RuleJudgement } from '#core/lifecycle/judgement.ts';
import { type LifecycleRule, ruleName } from '#core/lifecycle/rule.ts';
import { day } from '#core/lifecycle/sentences.ts';
import type { LintedLoss, LintVerdict, Unwritten } from './linted.ts';

interface Told {
  readonly rule: LifecycleRule;
  readonly judgement: RuleJudgement;
  readonly verdict: LintVerdict;
  readonly condition: string | null;
  readonly losses: readonly LintedLoss[];
  readonly unknown: readonly Unwritten[];
  readonly prefixes: readonly string[];
}

/** What a rule would do to Flink state, as one or two sentences. */
export function lintSentence({ rule, judgement, verdict, condition, losses, unknown, prefixes }: Told): string {
  const name = ruleName(rule);
  if (verdict === 'elsewhere') return `${name} applies to other keys.`;
  const isOpen = verdict === 'undecided' && judgement.notUnderstood.length === 0;
  // What the steward does not understand, what is harmless, and what comes in more than ten years, is told as of a bucket.
  if (verdict !== 'takes' && !isOpen) return judgement.sentence;
  const may = condition !== null || verdict === 'undecided';
  const where = places(rule, prefixes);
  const does = losses.map((loss) => doing(loss, where, may)).join(', and ');
  const asked = condition === null ? '' : `, ${condition}`;
  const taken = `${name} ${may ? 'may ' : ''}${does}${asked}.`;
  const told = new Set(losses.map(({ unwritten }) => unwritten));
  const open = unknown.filter(({ expression }) => !told.has(expression));
  if (open.length === 0) return taken;
  return `${taken} The file does not tell ${open.map(({ path, expression }) => `${path} (${expression})`).join(', ')}.`;
}

function doing(loss: LintedLoss, where: string, may: boolean): string {
  const { effect, storageClass } = loss;
  const what = `Flink state ${where}${sizes(loss)}`;
  if (effect === 'expires') return `${may ? 'delete' : 'deletes'} ${what} ${when(loss)}`;
  return `${may ? 'move' : 'moves'} ${what} to ${storageClass}, where no restore can read it, ${when(loss)}`;
}

function when({ days, date, unwritten }: LintedLoss): string {
  if (days !== null) return days === 0 ? 'at once' : `${days} ${days === 1 ? 'day' : 'days'} after it was written`;
  if (date !== null) return `from ${day(date)} on`;
  return `at a time that the file does not tell (${unwritten})`;
}

function sizes({ largerThan, smallerThan }: LintedLoss): string {
  const limits = [
    ...(largerThan === null ? [] : [`at least ${(largerThan + 1).toLocaleString('en-US')} bytes`]),
    ...(smallerThan === null ? [] : [`less than ${smallerThan.toLocaleString('en-US')} bytes`]),
  ];
  return limits.length === 0 ? '' : ` in files of ${limits.join(' and ')}`;
}
