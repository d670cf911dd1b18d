import * as z from 'zod';
import { STORAGE_CLASSES } from '#core/inventory/storage-class.ts';
import { TIDYINGS } from '#core/lifecycle/managed-rules.ts';

/** Lifecycle rules in the documents of `audit` and `rules check`. Times are epoch milliseconds. */

const lossEffect = z.enum(['expires', 'archives']);

const breakSummary = {
  earliest: z.number().nullable().describe('the first break, in epoch milliseconds'),
  roots: z.int(),
  newestRoots: z.int().describe('how many of them are the newest restore point of their job'),
  dueRoots: z.int().describe('how many of them can lose an object any day'),
  jobs: z.int(),
};

const hazard = z.strictObject({
  rule: z.string(),
  certain: z.boolean(),
  condition: z.string().nullable().describe('when the rule deletes the objects, where that is not certain'),
  rootKey: z.string(),
  job: z.string().nullable(),
  label: z.string(),
  newest: z.boolean(),
  completed: z.number(),
  breaksAt: z.number(),
  due: z.boolean(),
  firstObject: z.strictObject({
    key: z.string(),
    bytes: z.number(),
    modified: z.number().describe('for a file outside the area the latest that it can be'),
    outside: z
      .boolean()
      .describe('whether it is outside the area, where nothing was listed: its size is not known, and bytes is 0'),
    effect: lossEffect,
    storageClass: z.string().nullable(),
    ageAtBreak: z.number().describe('milliseconds'),
  }),
  objects: z.int(),
  bytes: z.number(),
  archivedObjects: z.int(),
  dueObjects: z.int(),
});

export const lifecycleJudgement = z.strictObject({
  rules: z.array(
    z.strictObject({
      ...breakSummary,
      id: z.string().nullable(),
      position: z.int().describe('in the configuration, from 1'),
      status: z.enum(['Enabled', 'Disabled']),
      effect: z.enum(['expires', 'archives', 'harmless', 'unclear']),
      certain: z.boolean(),
      applies: z
        .boolean()
        .describe('whether it applies to keys of the area, or to files outside the area that checkpoints reference'),
      dangerous: z
        .boolean()
        .describe(
          'whether it is a finding: it deletes or archives what a checkpoint needs or may come to need within ten years, or parts of it are not understood',
        ),
      hazards: z.array(hazard).describe('checkpoints and savepoints that the rule breaks, the first break first'),
      notUnderstood: z.array(z.string()),
      notes: z.array(z.string()),
      sentence: z.string(),
    }),
  ),
  total: z.strictObject({
    ...breakSummary,
    objects: z.int(),
    bytes: z.number(),
    atLeast: z.boolean().describe('whether objects and bytes are lower bounds'),
  }),
});

const rules = z.array(z.record(z.string(), z.unknown())).describe('as S3 writes lifecycle rules');

const replacement = z.strictObject({
  document: z.strictObject({ Rules: rules, TransitionDefaultMinimumObjectSize: z.string().exactOptional() }),
  changed: z.boolean().describe('whether it differs from what the bucket has'),
  changes: z.array(
    z.strictObject({
      action: z.enum(['kept', 'narrowed', 'removed', 'disabled', 'added', 'replaced']),
      rule: z.string(),
      why: z.string(),
    }),
  ),
  problem: z.string().nullable().describe('why missing rules could not be added'),
  beforehand: z.string().nullable().describe('what to do before it is written'),
  json: z.strictObject({ Rules: rules }).describe('for aws s3api put-bucket-lifecycle-configuration'),
  terraform: z.string(),
});

export const bucketRules = z.strictObject({
  bucket: z.string().describe('s3://bucket'),
  prefixes: z.array(z.string()),
  versioning: z.enum(['never', 'Enabled', 'Suspended']).nullable(),
  judgement: lifecycleJudgement.nullable().describe('null where the rules could not be read'),
  unnamed: z
    .array(
      z.strictObject({
        position: z.int(),
        objects: z.int(),
        bytes: z.number(),
        firstKey: z.string(),
        sentence: z.string(),
      }),
    )
    .describe('what rules delete of high-availability storage, task-owned state and working files'),
  elsewhere: z.int().describe('how many rules are for other keys only'),
  notUnderstood: z.array(z.string()),
  missing: z.array(
    z.strictObject({
      tidying: z.enum(TIDYINGS),
      prefixes: z.array(z.string()),
      butFor: z.string().nullable().describe('a rule that seems to do it, and why it does not'),
    }),
  ),
  versionsExpireAfter: z
    .number()
    .nullable()
    .describe('days after which rules have expired every noncurrent version below the prefixes; null where none do'),
  replacement: replacement.nullable(),
  uploads: z
    .strictObject({ count: z.int(), bytes: z.number(), oldest: z.number().nullable(), atLeast: z.boolean() })
    .nullable()
    .describe('incomplete multipart uploads; null where not known'),
  versions: z
    .strictObject({
      noncurrent: z.int(),
      noncurrentBytes: z.number(),
      deleteMarkers: z.int(),
      classes: z
        .array(
          z.strictObject({
            storageClass: z.enum(STORAGE_CLASSES),
            objects: z.int(),
            bytes: z.number(),
            billed: z.number().describe('bytes that are billed: small objects count with the least size of the class'),
            small: z.int().describe('how many are below 128 KiB'),
          }),
        )
        .optional()
        .describe('the noncurrent versions in other storage classes than S3 Standard; absent where there are none'),
      atLeast: z.boolean(),
    })
    .nullable()
    .describe('null where not known, or where the bucket has never kept versions'),
  unknown: z.array(z.string()).describe('what could not be found out, and what to do'),
});
