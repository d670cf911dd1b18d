import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type SampleResource, terraformPlan } from '#test/support/terraform-plan.ts';

/**
 * What public projects have set for buckets with checkpoints: facts alone, in words of this project, with made-up names of
 * companies. Each becomes a document of the form in which it was found.
 */

const rule = z.strictObject({
  id: z.string(),
  prefix: z.string().optional(),
  /** Days. */
  expire: z.int().optional(),
  noncurrent: z.int().optional(),
  abort: z.int().optional(),
  /** Days by storage class. */
  move: z.record(z.string(), z.int()).optional(),
});

const corpusCase = z.strictObject({
  about: z.string(),
  form: z.enum(['terraform', 'terraform-inline', 'cdk', 's3']),
  resource: z.string().optional(),
  bucket: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  /** Names of other resources in the file. */
  beside: z.array(z.string()).optional(),
  rules: z.array(rule),
  /** IDs of the rules that take Flink state. */
  takes: z.array(z.string()),
  /** Of those of which names do not tell. */
  undecided: z.array(z.string()).default([]),
  /** Of nobody's project: what would be a trap for a guess. */
  madeUp: z.literal(true).optional(),
});

export type CorpusCase = z.infer<typeof corpusCase>;
type CorpusRule = z.infer<typeof rule>;

export function corpus(): readonly CorpusCase[] {
  return z.array(corpusCase).parse(JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8')));
}

/** The document of a case, as a lint reads it. */
export function documentOf(one: CorpusCase): object {
  switch (one.form) {
    case 'terraform':
      return planOf(one);
    case 'terraform-inline':
      return terraformPlan({
        resources: [
          {
            address: `aws_s3_bucket.${one.resource}`,
            values: { bucket: one.bucket, lifecycle_rule: one.rules.map(inlineBlock) },
            expressions: { lifecycle_rule: [{}] },
          },
        ],
      });
    case 'cdk':
      return templateOf(one);
    case 's3':
      return { Bucket: one.bucket, LifecycleConfiguration: { Rules: one.rules.map(s3Rule) } };
  }
}

function planOf({ resource = '', bucket, tags = {}, beside = [], rules }: CorpusCase): object {
  const references = [`aws_s3_bucket.${resource}.id`, `aws_s3_bucket.${resource}`];
  const resources: SampleResource[] = [
    { address: `aws_s3_bucket.${resource}`, values: { bucket, tags }, expressions: {} },
    {
      address: `aws_s3_bucket_lifecycle_configuration.${resource}`,
      values: { rule: rules.map(block) },
      unknown: { bucket: true },
      expressions: { bucket: { references } },
    },
    ...beside.map((name) => ({ address: `aws_iam_role.${name}`, values: { name } })),
  ];
  return terraformPlan({ resources });
}

function templateOf({ resource = '', beside = [], rules }: CorpusCase): object {
  const roles = Object.fromEntries(
    beside.map((name) => [name, { Type: 'AWS::IAM::Role', Properties: { RoleName: name } }]),
  );
  const LifecycleConfiguration = { Rules: rules.map(templateRule) };
  return {
    Resources: {
      [`${resource}0A1B2C3D`]: { Type: 'AWS::S3::Bucket', Properties: { LifecycleConfiguration } },
      ...roles,
    },
  };
}

function block({ id, prefix, expire, noncurrent, abort, move = {} }: CorpusRule): object {
  return {
    id,
    status: 'Enabled',
    filter: prefix === undefined ? [] : [{ prefix }],
    expiration: expire === undefined ? [] : [{ days: expire }],
    transition: Object.entries(move).map(([storage_class, days]) => ({ storage_class, days })),
    noncurrent_version_expiration: noncurrent === undefined ? [] : [{ noncurrent_days: noncurrent }],
    abort_incomplete_multipart_upload: abort === undefined ? [] : [{ days_after_initiation: abort }],
  };
}

function inlineBlock({ id, prefix, expire }: CorpusRule): object {
  return { id, enabled: true, prefix: prefix ?? '', expiration: expire === undefined ? [] : [{ days: expire }] };
}

function templateRule({ id, prefix, expire, noncurrent, move = {} }: CorpusRule): object {
  return {
    Id: id,
    Status: 'Enabled',
    ...(prefix === undefined ? {} : { Prefix: prefix }),
    ...(expire === undefined ? {} : { ExpirationInDays: expire }),
    ...(noncurrent === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrent } }),
    Transitions: Object.entries(move).map(([StorageClass, TransitionInDays]) => ({ StorageClass, TransitionInDays })),
  };
}

function s3Rule({ id, prefix = '', expire, noncurrent, abort }: CorpusRule): object {
  return {
    ID: id,
    Status: 'Enabled',
    Filter: { Prefix: prefix },
    ...(expire === undefined ? {} : { Expiration: { Days: expire } }),
    ...(noncurrent === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: noncurrent } }),
    ...(abort === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort } }),
  };
}

const FORMS = { terraform: 'Terraform', 'terraform-inline': 'Terraform, inline', cdk: 'CDK', s3: 'AWS CLI' } as const;

/** The table of the documents: each case with its rules, and what is found. */
export function corpusTable(cases: readonly CorpusCase[]): string {
  return [
    '| what the bucket holds | file | rules | found |',
    '|---|---|---|---|',
    ...cases.map(
      ({ about, form, rules, takes, undecided }) =>
        `| ${about} | ${FORMS[form]} | ${rules.map(ruleInWords).join('; ')} | ${found(takes, undecided)} |`,
    ),
    '',
  ].join('\n');
}

function found(takes: readonly string[], undecided: readonly string[]): string {
  const all = [...takes.map((id) => `\`${id}\``), ...undecided.map((id) => `\`${id}\` undecided`)];
  return all.length === 0 ? '–' : all.join(', ');
}

function ruleInWords({ id, prefix = '', expire, noncurrent, abort, move = {} }: CorpusRule): string {
  const does = [
    ...(expire === undefined ? [] : [`expires ${expire} d`]),
    ...Object.entries(move).map(([storageClass, days]) => `${storageClass} ${days} d`),
    ...(noncurrent === undefined ? [] : [`noncurrent ${noncurrent} d`]),
    ...(abort === undefined ? [] : [`uploads ${abort} d`]),
  ];
  return `\`${id}\`${prefix === '' ? '' : ` on \`${prefix}\``}: ${does.join(', ')}`;
}
