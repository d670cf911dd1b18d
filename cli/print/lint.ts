import { moment } from '#core/quantity.ts';
import type { Io } from '../io.ts';
import type { LintedBucketView, LintedFileView, LintReport } from '../rule-files/lint-report.ts';
import { oneLine } from './one-line.ts';
import { printBucketRules } from './rules.ts';
import { count, paragraph, printable, printableLines } from './text.ts';

/** What follows from a rule that takes state by age, which people who write one don't expect. */
const CONSEQUENCE =
  'A checkpoint needs files of earlier checkpoints, which Flink does not write again: such a rule also breaks the newest checkpoint of a running job. The job does not notice that; the next restore fails.';

const LANGUAGES = {
  json: 'as JSON',
  yaml: 'as YAML',
  terraform: 'for Terraform',
  typescript: 'for the Bucket of the CDK',
} as const satisfies Record<NonNullable<LintedBucketView['replacement']>['language'], string>;

/** @param names of jobs, for a forecast: see `printLifecycle`. */
export function printLint(report: LintReport, io: Io, names: ReadonlyMap<string, string>): string {
  const { files, findings, ignored } = report;
  if (io.isQuiet) return oneLine(`rules lint ${files.map(({ file }) => file).join(', ')}`, [conclusion(report)]);
  return [
    ...files.map((file, at) => `${at === 0 ? '' : '\n'}${printFile(file, report.start, io, names)}`),
    ...(ignored.length === 0 ? [] : [`\n${paragraph(ignoredSentence(ignored), io)}`]),
    ...(findings.length === 0 ? [] : [`\n${paragraph(CONSEQUENCE, io)}`]),
    `\n${paragraph(conclusion(report), io)}`,
  ].join('');
}

function printFile(
  { file, kind, buckets }: LintedFileView,
  start: string,
  io: Io,
  names: ReadonlyMap<string, string>,
): string {
  const { bold, dim } = io.colors;
  const here = buckets.filter(isShown);
  const foreign = buckets.filter((bucket) => !isShown(bucket) && !bucket.judged);
  const rest = buckets.length - here.length - foreign.length;
  const none = buckets.length === 0 ? 'It has no lifecycle rules.' : null;
  return [
    `${bold(`Lifecycle rules in ${printable(file)}`)}${dim(` (${kind}), as of ${moment(start)}`)}\n`,
    ...here.map((bucket) => printBucket(bucket, io, names)),
    ...(none === null ? [] : [`\n${paragraph(none, io)}`]),
    ...(rest === 0 ? [] : [`\n${paragraph(restSentence(rest, here.length > 0), io)}`]),
    ...foreign.map(({ resource, hidden }) => `\n${paragraph(printable(`${resource}: ${hidden}`), io)}`),
  ].join('');
}

function isShown({ state }: LintedBucketView): boolean {
  return state.known !== 'elsewhere' || state.why !== null;
}

function printBucket(bucket: LintedBucketView, io: Io, names: ReadonlyMap<string, string>): string {
  const { state, rules, hidden, live, liveProblem, replacement } = bucket;
  const { yellow } = io.colors;
  const isOfConcern = rules.some(({ verdict }) => verdict === 'takes' || verdict === 'undecided');
  const head = `${headOf(bucket)}:`;
  const elsewhere = rules.filter(isPlainlyElsewhere).length;
  const shown = state.known === 'elsewhere' ? [] : rules.filter((rule) => !isPlainlyElsewhere(rule));
  return [
    `\n${isOfConcern ? yellow(printable(head)) : printable(head)}\n`,
    paragraph(printable(stateSentence(state)), io, '  '),
    ...shown.flatMap(({ sentence, notes }) => [
      paragraph(printable(sentence), io, '  - ', '    '),
      ...notes.map((note) => paragraph(printable(note), io, '      ')),
    ]),
    ...(hidden === null ? [] : [paragraph(printable(hidden), io, '  - ', '    ')]),
    ...(state.known === 'elsewhere' || elsewhere === 0
      ? []
      : [paragraph(`${count(elsewhere, 'more rule applies', 'more rules apply')} to other keys only.`, io, '  ')]),
    ...(live === null
      ? []
      : [`\nWith what is in ${printable(bucket.bucket ?? '')} now:\n`, printBucketRules(live, io, names)]),
    ...(liveProblem === null ? [] : [paragraph(printable(liveProblem), io, '  ')]),
    replacement === null ? '' : printReplacement(replacement, io),
  ].join('');
}

/** What is elsewhere by its name alone, or by a prefix that people misread, is told one by one. */
function isPlainlyElsewhere({ elsewhere }: LintedBucketView['rules'][number]): boolean {
  return elsewhere === 'other-prefix';
}

function headOf({ resource, bucket, name }: LintedBucketView): string {
  const known = bucket ?? (name === null || name.includes(resource) ? null : name);
  if (resource === '') return known ?? 'The bucket';
  return known === null ? resource : `${resource}, ${known}`;
}

function stateSentence({ known, prefixes, why }: LintedBucketView['state']): string {
  const said = why ?? '';
  if (known === 'elsewhere' || known === 'unnamed' || known === 'unsure') return said;
  const places = prefixes.map((prefix) => (prefix === '' ? 'the whole bucket' : `'${prefix}'`)).join(', ');
  return `Flink state: ${places}. ${said}`;
}

function printReplacement(replacement: NonNullable<LintedBucketView['replacement']>, io: Io): string {
  const changes = replacement.changes.map(({ action, rule, why }) =>
    paragraph(printable(`${action} ${JSON.stringify(rule)}: ${why}.`), io, '  - ', '    '),
  );
  return [
    `\n${io.colors.bold(`Safe rules, ${LANGUAGES[replacement.language]}:`)}\n`,
    ...changes,
    replacement.problem === null ? '' : paragraph(printable(replacement.problem), io),
    `\n${printableLines(replacement.text)}`,
  ].join('');
}

function restSentence(rest: number, hasOthers: boolean): string {
  const which = hasOthers ? count(rest, 'more bucket', 'more buckets') : count(rest, 'bucket', 'buckets');
  return `${which} with lifecycle rules: no Flink state is known there. If there is some, name it with --flink s3://BUCKET/PREFIX`;
}

function nothingFound(files: readonly LintedFileView[]): string {
  const buckets = files.flatMap((file) => file.buckets);
  if (buckets.length === 0) return 'There are no lifecycle rules.';
  return buckets.every(({ state }) => state.known === 'elsewhere')
    ? 'No rule was judged: no Flink state is known in these buckets.'
    : 'No rule takes Flink state.';
}

function ignoredSentence(ignored: readonly string[]): string {
  return printable(`Without lifecycle rules: ${ignored.join(', ')}.`);
}

function conclusion({ files, findings, undecided }: LintReport): string {
  const rules =
    findings.length === 0 ? nothingFound(files) : `${count(findings.length, 'rule takes', 'rules take')} Flink state.`;
  if (undecided.length === 0) return rules;
  const open = `${count(undecided.length, 'thing', 'things')} could not be decided.`;
  return findings.length === 0 ? `No rule takes Flink state for certain, but ${open}` : `${rules} ${open}`;
}
