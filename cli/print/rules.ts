import type { MissingRule } from '#core/lifecycle/coverage.ts';
import type { Tidying } from '#core/lifecycle/managed-rules.ts';
import { day } from '#core/lifecycle/sentences.ts';
import { shellWord } from '#core/shell-word.ts';
import type { BucketRulesReport, ReplacementView } from '#steward/lifecycle-rules.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { printHeading } from './heading.ts';
import { printLifecycle } from './lifecycle.ts';
import { printUndecidable } from './problems.ts';
import { bytes, count, paragraph, printable, printableLines } from './text.ts';

export interface RulesReport {
  readonly area: readonly string[];
  readonly start: string;
  readonly buckets: readonly BucketRulesReport[];
  readonly undecidable: readonly { readonly code: string; readonly sentence: string }[];
}

/**
 * @param names of jobs: see `printLifecycle`.
 * @param reachOf the options by which the AWS CLI finds the store of a bucket: see `awsReach`.
 */
export function printRules(
  report: RulesReport,
  io: Io,
  names: ReadonlyMap<string, string>,
  reachOf: (bucket: string) => string,
): string {
  return [
    printHeading('Lifecycle rules for', report.area, report.start, io),
    ...report.buckets.flatMap((bucket) => [printBucketRules(bucket, io, names), printReplacement(bucket, io, reachOf)]),
    printUndecidable(report.undecidable, io),
    `\n${paragraph('Nothing was changed.', io)}`,
  ].join('');
}

/** What the rules of a bucket do, which rules are missing, and what is not known; without the replacement. */
export function printBucketRules(report: BucketRulesReport, io: Io, names: ReadonlyMap<string, string>): string {
  const { bucket, judgement, elsewhere, notUnderstood, missing, unknown, versioning } = report;
  const takes = judgement?.rules.some(({ effect, hazards }) => effect === 'expires' && hazards.length > 0) ?? false;
  const notes = [
    ...report.unnamed.map(({ sentence }) => sentence),
    ...(elsewhere === 0 ? [] : [`${count(elsewhere, 'more rule applies', 'more rules apply')} to other keys only.`]),
    ...(notUnderstood.length === 0
      ? []
      : [`Parts of the configuration that were not understood: ${notUnderstood.join(', ')}.`]),
    ...(takes && versioning === 'Enabled'
      ? [
          'The bucket keeps versions: as long as the noncurrent version of an expired object exists, deleting its delete marker puts the object back.',
        ]
      : []),
  ];
  return [
    judgement === null ? '' : printJudgement(report, judgement, io, names),
    ...notes.map((note) => paragraph(printable(note), io, '  ')),
    section(
      'Missing:',
      missing.map((one) => missingSentence(one, report)),
      io,
    ),
    section(`Not known about ${bucket}:`, unknown, io),
  ].join('');
}

/** The last lines of an audit: the command that prints safe rules. */
export function printRulesPointer(reports: readonly BucketRulesReport[], typed: TypedArea): string {
  if (!reports.some(({ replacement }) => replacement?.changed === true)) return '';
  const next = printNext('To print safe rules, as JSON and for Terraform:', nextCommand(['rules', 'check'], typed));
  return `\n${next}`;
}

function printJudgement(
  { bucket, elsewhere }: BucketRulesReport,
  judgement: NonNullable<BucketRulesReport['judgement']>,
  io: Io,
  names: ReadonlyMap<string, string>,
): string {
  if (judgement.rules.length > 0) return printLifecycle(judgement, io, names, printable(bucket));
  const none = elsewhere === 0 ? 'there are none' : 'none applies to these keys';
  return `\n${paragraph(`Lifecycle rules of ${printable(bucket)}: ${none}, so S3 deletes none of these keys by age.`, io)}`;
}

function section(head: string, sentences: readonly string[], io: Io): string {
  if (sentences.length === 0) return '';
  const lines = sentences.map((sentence) => paragraph(printable(sentence), io, '  - ', '    '));
  return `\n${printable(head)}\n${lines.join('')}`;
}

function missingSentence(missing: MissingRule, report: BucketRulesReport): string {
  const where = missing.prefixes.map((prefix) => (prefix === '' ? 'the whole bucket' : `'${prefix}'`)).join(', ');
  const exception = missing.butFor === null ? '' : ` (${missing.butFor})`;
  return `${WANTED[missing.tidying]} below ${where}${exception}. ${existing(missing.tidying, report)}`;
}

const WANTED = {
  uploads: 'a rule that aborts incomplete multipart uploads',
  versions: 'a rule that expires noncurrent versions',
  markers: 'a rule that removes delete markers without noncurrent versions',
} as const satisfies Record<Tidying, string>;

function existing(tidying: Tidying, { uploads, versions }: BucketRulesReport): string {
  switch (tidying) {
    case 'uploads': {
      const since = uploads?.oldest == null ? '' : `, the oldest since ${day(uploads.oldest)}`;
      const size = uploads === null ? '' : ` with ${bytes(uploads.bytes)}${since}`;
      return `${found(uploads, uploads?.count, 'upload', size)}They are billed, but a listing of objects does not show them. If a file sink writes there, its checkpoints need the uploads that they reference: then wait longer than a job may be down, or leave the rule out.`;
    }
    case 'versions': {
      const size = versions === null ? '' : ` with ${bytes(versions.noncurrentBytes)}`;
      return `${found(versions, versions?.noncurrent, 'noncurrent version', size)}Every object that Flink deletes becomes a noncurrent version, and is billed.`;
    }
    case 'markers':
      return `${found(versions, versions?.deleteMarkers, 'delete marker', '')}Each deletion leaves one, and they slow down listings.`;
  }
}

function found(
  counted: { readonly atLeast: boolean } | null,
  number: number | undefined,
  what: string,
  size: string,
): string {
  if (counted === null || number === undefined) return '';
  if (number === 0 && !counted.atLeast) return 'There are none now. ';
  return `Found ${counted.atLeast ? 'at least ' : ''}${count(number, what)}${size}. `;
}

function printReplacement(
  { bucket, replacement }: BucketRulesReport,
  io: Io,
  reachOf: (bucket: string) => string,
): string {
  if (replacement === null) return '';
  const { bold } = io.colors;
  const name = printable(bucket);
  if (!replacement.changed) {
    const problem = replacement.problem === null ? '' : ` ${printable(replacement.problem)}`;
    return `\n${paragraph(`The rules of ${name} need no change.${problem}`, io)}`;
  }
  const changes = replacement.changes.map(({ action, rule, why }) =>
    paragraph(printable(`${action} ${JSON.stringify(rule)}: ${why}.`), io, '  - ', '    '),
  );
  return [
    `\n${bold(`Safe rules for ${name}:`)}\n`,
    ...changes,
    replacement.problem === null ? '' : paragraph(printable(replacement.problem), io),
    replacement.beforehand === null ? '' : `\n${paragraph(printable(replacement.beforehand), io)}`,
    '\n',
    paragraph('As JSON, to save as safe-rules.json:', io),
    `\n${printableLines(JSON.stringify(replacement.json, null, 2))}\n\n`,
    `${putCommand(bucket, replacement, reachOf(bucket))}\n\n`,
    paragraph('The same for Terraform. Manage the rules in one place only:', io),
    `\n${printableLines(replacement.terraform)}`,
  ].join('');
}

/**
 * The command that writes the rules, in one line, to be copied. It takes the minimum size as an option of its own, and
 * resets the size of the bucket if the option is missing.
 */
function putCommand(bucket: string, { document }: ReplacementView, reach: string): string {
  const minimum = document.TransitionDefaultMinimumObjectSize;
  const size = minimum === undefined ? '' : ` --transition-default-minimum-object-size ${shellWord(minimum)}`;
  const name = shellWord(bucket.slice('s3://'.length));
  return printable(
    `aws s3api put-bucket-lifecycle-configuration --bucket ${name}${reach}${size} --lifecycle-configuration file://safe-rules.json`,
  );
}
