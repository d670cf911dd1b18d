import { places } from '#core/lifecycle/coverage.ts';
import type { RuleJudgement } from '#core/lifecycle/judgement.ts';
import { type LifecycleRule, ruleName } from '#core/lifecycle/rule.ts';
import { day } from '#core/lifecycle/sentences.ts';
import type { ElsewhereBy, LintedLoss, LintVerdict, Unwritten } from './linted.ts';

interface Told {
  readonly rule: LifecycleRule;
  readonly judgement: RuleJudgement;
  readonly verdict: LintVerdict;
  readonly elsewhere: ElsewhereBy | null;
  readonly condition: string | null;
  readonly losses: readonly LintedLoss[];
  readonly unknown: readonly Unwritten[];
  /** Null where the file tells the prefix. */
  readonly hiddenPrefix: Unwritten | null;
  /** Prefixes below which the rule may meet state. */
  readonly reached: readonly string[];
  /** Whether names do not tell if there is state below its prefix. */
  readonly isNameless: boolean;
}

/** What a rule would do to Flink state, as one or two sentences. */
export function lintSentence(told: Told): string {
  const { rule, judgement, verdict, elsewhere, condition, losses, unknown, hiddenPrefix, isNameless } = told;
  const name = ruleName(rule);
  if (elsewhere !== null) return `${name} ${ELSEWHERE[elsewhere](JSON.stringify(rule.filter.prefix))}.`;
  const isOpen = verdict === 'undecided' && judgement.notUnderstood.length === 0;
  // What the steward does not understand, what is harmless, and what comes in more than ten years, is told as of a bucket.
  if (verdict !== 'takes' && !isOpen) return judgement.sentence;
  const where = whereOf(told);
  const subject = isNameless ? OBJECTS : STATE;
  const may = condition !== null || (verdict === 'undecided' && (!isNameless || unknown.length > 0));
  const does = losses.map((loss) => doing(loss, subject, where, may)).join(', and ');
  const asked = condition === null ? '' : `, ${condition}`;
  const taken = `${name} ${may ? 'may ' : ''}${does}${asked}.`;
  const said = new Set(losses.flatMap(({ unwritten, unwrittenClass }) => [unwritten, unwrittenClass]));
  if (hiddenPrefix !== null && where.includes(hiddenPrefix.expression)) said.add(hiddenPrefix.expression);
  const open = unknown.filter(({ expression }) => !said.has(expression) && condition?.includes(expression) !== true);
  const list = open.map(({ path, expression }) => `${path} (${expression})`).join(', ');
  return [
    taken,
    ...(isNameless ? ['Names do not tell whether they are Flink state.'] : []),
    ...(open.length === 0 ? [] : [`The file does not tell ${list}.`]),
  ].join(' ');
}

const STATE = { what: 'Flink state', written: 'it was written', moved: 'where no restore can read it' };
const OBJECTS = { what: 'objects', written: 'they were written', moved: 'where no restore can read them' };

const ELSEWHERE: Readonly<Record<ElsewhereBy, (prefix: string) => string>> = {
  'other-prefix': () => 'applies to other keys',
  'by-name': (prefix) => `applies to ${prefix}, by its name no place of state`,
  'matches-nothing': (prefix) =>
    `applies to no key that Flink writes: S3 compares the prefix ${prefix} letter by letter, and knows no patterns, URLs or leading slashes in it`,
};

function whereOf({ rule, reached, hiddenPrefix }: Told): string {
  const where = places(rule, reached);
  if (hiddenPrefix === null) return where;
  if (reached.includes('') && rule.filter.prefix === '') {
    return `below a prefix that the file does not tell (${hiddenPrefix.expression})`;
  }
  return `somewhere ${where}`;
}

function doing(loss: LintedLoss, { what, written, moved }: typeof STATE, where: string, may: boolean): string {
  const { effect, storageClass, unwrittenClass } = loss;
  const taken = `${what} ${where}${sizes(loss)}`;
  if (effect === 'expires') return `${may ? 'delete' : 'deletes'} ${taken} ${when(loss, written)}`;
  const moves = `${may ? 'move' : 'moves'} ${taken}`;
  return storageClass === null
    ? `${moves} ${when(loss, written)} to a storage class that the file does not tell (${unwrittenClass}), from which a restore may not be able to read`
    : `${moves} to ${storageClass}, ${moved}, ${when(loss, written)}`;
}

function when({ days, date, unwritten }: LintedLoss, written: string): string {
  if (days !== null) return days === 0 ? 'at once' : `${days} ${days === 1 ? 'day' : 'days'} after ${written}`;
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
