import type * as z from 'zod';
import { readRulesFile } from '#config/rule-files/read-rules-file.ts';
import { isoTime } from '#core/iso-time.ts';
import { hasFinding, isUndecided, type LintedBucket, type LintOptions, lintFile } from '#core/lint/lint-file.ts';
import type { LintedRule } from '#core/lint/linted.ts';
import type { BucketRulesReport } from '#steward/lifecycle-rules.ts';
import type { rulesLintDocument } from '../documents/rules-lint.ts';
import type { GivenFile } from './given-file.ts';
import { parseGiven } from './given-file.ts';
import { replacementText } from './replacement-text.ts';

/** What a lint found, as `--json` prints it. */
export type LintReport = z.input<typeof rulesLintDocument>;
export type LintedFileView = LintReport['files'][number];
export type LintedBucketView = LintedFileView['buckets'][number];

/** What the rules would do to what is in the bucket now, or why that is not known. */
export interface Live {
  readonly live: BucketRulesReport | null;
  readonly liveProblem: string | null;
}

/** Both null without `--live`, and where no Flink state is known in the bucket. */
export type Forecast = (linted: LintedBucket) => Promise<Live>;

/** One file, with what is found in it. @throws ConfigError where it can't be read, or holds no lifecycle rules */
export async function lintGiven(given: GivenFile, options: LintOptions, forecast: Forecast): Promise<LintedFileView> {
  const parsed = await parseGiven(given);
  const file = readRulesFile(parsed, given.name);
  const buckets: LintedBucketView[] = [];
  for (const linted of lintFile(file, given.name, options)) {
    buckets.push(await bucketView(linted, parsed.isYaml, await forecast(linted)));
  }
  return { file: given.name, kind: file.kind, buckets };
}

/** @param now epoch milliseconds. */
export function lintReport(files: readonly LintedFileView[], ignored: readonly string[], now: number): LintReport {
  return {
    start: isoTime(now),
    files: [...files],
    ignored: [...ignored],
    findings: files.flatMap((file) => file.buckets.flatMap((bucket) => findingsOf(file.file, bucket, 'takes'))),
    undecided: files.flatMap((file) => file.buckets.flatMap((bucket) => undecidedOf(file.file, bucket))),
  };
}

async function bucketView(
  linted: LintedBucket,
  isYaml: boolean,
  { live, liveProblem }: Live,
): Promise<LintedBucketView> {
  const { bucket, places, rules, replacement } = linted;
  const { name } = bucket;
  const isOfConcern = hasFinding(linted) || isUndecided(linted);
  return {
    resource: bucket.resource,
    bucket: typeof name === 'string' && !bucket.isForeign ? `s3://${name}` : null,
    name: name === null ? null : String(name),
    state: { known: places.known, prefixes: [...places.prefixes], why: places.why },
    hidden: bucket.hidden,
    judged: !bucket.isForeign,
    rules: rules.map(ruleView),
    replacement:
      replacement === null || !isOfConcern
        ? null
        : {
            changed: replacement.changed,
            changes: [...replacement.changes],
            problem: replacement.problem,
            ...(await replacementText(bucket, replacement, isYaml)),
          },
    live: live as LintedBucketView['live'],
    liveProblem,
  };
}

function ruleView(rule: LintedRule): LintedBucketView['rules'][number] {
  return {
    ...rule,
    losses: rule.losses.map((loss) => ({ ...loss, date: loss.date === null ? null : isoTime(loss.date) })),
    unwritten: [...rule.unwritten],
    notUnderstood: [...rule.notUnderstood],
    notes: [...rule.notes],
  };
}

function findingsOf(file: string, { resource, rules }: LintedBucketView, verdict: 'takes' | 'undecided') {
  return rules
    .filter((rule) => rule.verdict === verdict)
    .map(({ line, sentence }) => ({ kind: 'lifecycle-rule' as const, file, resource, line, sentence }));
}

function undecidedOf(file: string, bucket: LintedBucketView): LintReport['undecided'] {
  const { hidden, resource, state, liveProblem } = bucket;
  const unread = [
    ...(hidden === null || state.known === 'elsewhere' ? [] : [hidden]),
    ...(liveProblem === null ? [] : [liveProblem]),
  ];
  return [
    ...findingsOf(file, bucket, 'undecided'),
    ...unread.map((sentence) => ({ kind: 'lifecycle-rule' as const, file, resource, line: null, sentence })),
  ];
}
