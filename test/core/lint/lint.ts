import { readRulesFile } from '#config/rule-files/read-rules-file.ts';
import { DEFAULT_LIFECYCLE_POLICY } from '#core/lifecycle/managed-rules.ts';
import { type LintedBucket, lintFile } from '#core/lint/lint-file.ts';
import type { NamedPlace } from '#core/lint/state-places.ts';

export const NOW = Date.UTC(2027, 2, 1);

/** What a lint finds in a document, with places named by `--flink`. */
export function lint(
  document: object,
  flink?: readonly (readonly [bucket: string, prefix: string])[],
): readonly LintedBucket[] {
  const file = readRulesFile({ value: document, lineOf: () => null }, 'file.json');
  const told = flink?.map(([bucket, prefix]): NamedPlace => ({ bucket, prefix, by: '--flink' })) ?? null;
  return lintFile(file, 'file.json', { told, policy: DEFAULT_LIFECYCLE_POLICY, now: NOW });
}

/** Of the only bucket of a document. */
export function lintOne(document: object, flink?: Parameters<typeof lint>[1]): LintedBucket {
  const [only, ...others] = lint(document, flink);
  if (only === undefined || others.length > 0) throw new Error('There is not one bucket.');
  return only;
}

/** The sentences about the rules of the only bucket of a document. */
export function sentencesOf(document: object, flink?: Parameters<typeof lint>[1]): readonly string[] {
  return lintOne(document, flink).rules.map(({ sentence }) => sentence);
}

/** A document of S3 with rules that are enabled. */
export function s3(Bucket: string | null, ...rules: readonly object[]): object {
  const Rules = rules.map((rule, at) => ({ ID: `r${at + 1}`, Status: 'Enabled', Filter: { Prefix: '' }, ...rule }));
  return Bucket === null ? { Rules } : { Bucket, LifecycleConfiguration: { Rules } };
}

/** A template with one bucket. */
export function template(properties: object, others: object = {}): object {
  return { ...others, Resources: { State: { Type: 'AWS::S3::Bucket', Properties: properties } } };
}

/** Enabled rules of a template. */
export function ofTemplate(...rules: readonly object[]): object {
  return {
    LifecycleConfiguration: { Rules: rules.map((rule, at) => ({ Id: `r${at + 1}`, Status: 'Enabled', ...rule })) },
  };
}

export const WEEK = { Expiration: { Days: 7 } };
