import * as z from 'zod';
import { DEFAULT_COLLECT_SETTINGS } from '#core/collect/settings.ts';
import { areaEntrySchema } from './area-schema.ts';
import { deploySchema } from './deploy-schema.ts';
import { daysSchema, durationSchema, globSchema, text, urlSchema } from './field-schemas.ts';
import { guardSchema } from './guard-schema.ts';
import { labelSchema } from './label-schema.ts';
import { signalsSchema } from './signals-schema.ts';
import { formatDuration } from './units.ts';

const JOB_ID = /^[0-9a-fA-F]{32}$/;

const keepSchema = z.union(
  [
    z.literal('all'),
    z.strictObject({
      keepLast: z
        .int({ error: 'Write a whole number.' })
        .min(0, { error: 'Write 0 or more.' })
        .optional()
        .describe('How many of the newest are kept. Default: no such limit.'),
      keepWithin: durationSchema
        .optional()
        .describe('Everything younger than this is kept, such as "30d". Default: no such limit.'),
    }),
  ],
  { error: 'Write "all", or an object such as {"keepLast": 1, "keepWithin": "30d"}.' },
);

const retainSchema = z.strictObject({
  path: globSchema.describe(
    'Pattern of the keys of checkpoints and savepoints that this entry is for: "**" for all. The first entry that matches counts.',
  ),
  endedJobs: keepSchema
    .default('all')
    .describe(
      'Which checkpoints of ended jobs are kept: "all", or {keepLast, keepWithin}, where one limit is enough to keep a checkpoint. Default: "all".',
    ),
  savepoints: keepSchema
    .default('all')
    .describe('Which savepoints are kept: "all", or {keepLast, keepWithin}. Default: "all".'),
});

function rule(
  key: 'minAge' | 'quarantine' | 'checkpointTimeout' | 'deadAfter' | 'abandonedAfter' | 'taskownedMinAge',
  what: string,
) {
  const preset = formatDuration(DEFAULT_COLLECT_SETTINGS[key]);
  return durationSchema.prefault(preset).describe(`${what} Default: "${preset}".`);
}

function statement(key: 'taskowned' | 'failedSavepoints', what: string) {
  return z
    .boolean()
    .default(DEFAULT_COLLECT_SETTINGS[key])
    .describe(`${what} Default: ${DEFAULT_COLLECT_SETTINGS[key]}.`);
}

const FRACTION = 'Write a number above 0 and up to 1, such as 0.3.';

export const collectSchema = z.strictObject({
  minAge: rule('minAge', 'Nothing younger than this is deleted. At least twice "checkpointTimeout".'),
  quarantine: rule(
    'quarantine',
    'How long an object must have been garbage, in every run and in at least two runs, before it is deleted. At least twice "checkpointTimeout".',
  ),
  checkpointTimeout: rule('checkpointTimeout', 'The execution.checkpointing.timeout of the job with the longest one.'),
  deadAfter: rule(
    'deadAfter',
    'A job that has written nothing for this long counts as ended: its unreferenced files need no later checkpoint as proof that they are unused.',
  ),
  abandonedAfter: rule(
    'abandonedAfter',
    'A job directory that has no checkpoint, and has had no write for this long, is given up: its unreferenced files may be deleted.',
  ),
  maxDeleteFraction: z
    .number({ error: FRACTION })
    .gt(0, { error: FRACTION })
    .lte(1, { error: FRACTION })
    .default(DEFAULT_COLLECT_SETTINGS.maxDeleteFraction)
    .describe(
      `A run that would delete a larger share of the area's objects or bytes stops before it deletes anything. Above 0, up to 1. Default: ${DEFAULT_COLLECT_SETTINGS.maxDeleteFraction}.`,
    ),
  deletesPerSecond: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .max(3000, { error: 'Write 3000 or less: S3 accepts about 3,500 a second, and Flink needs its share.' })
    .default(1000)
    .describe(
      'At most this many objects are deleted per second, 1 to 3000. S3 accepts about 3,500 writes and deletes per second and key range, and Flink needs its share. Default: 1000.',
    ),
  taskowned: statement(
    'taskowned',
    'You declare that no write-ahead sink keeps files under taskowned/, so unreferenced files there may be deleted. "steward audit" says how many there are.',
  ),
  taskownedMinAge: rule(
    'taskownedMinAge',
    'With "taskowned": nothing under taskowned/ that is younger than this is deleted.',
  ),
  failedSavepoints: statement(
    'failedSavepoints',
    'Whether files of savepoints that never completed may be deleted. "steward audit" says how many there are.',
  ),
});

const lifecycleSchema = z.strictObject({
  manage: z
    .enum(['write', 'check'])
    .optional()
    .describe(
      '"write": the deployment writes the lifecycle rules of the steward into the bucket. "check": it only reports differences. Default: "write" for a bucket that the stack created, "check" for one that "area" names.',
    ),
  abortIncompleteUploadsAfter: daysSchema
    .optional()
    .describe(
      'After how many whole days the proposed lifecycle rules abort incomplete multipart uploads. If a file sink writes in the area, set a longer time than a job may be down. Default: "7d".',
    ),
  noncurrentVersionsFor: daysSchema
    .optional()
    .describe(
      'After how many whole days the proposed lifecycle rules expire noncurrent versions in a versioned bucket. Until then "undo" can put deleted objects back. Default: "3d".',
    ),
});

/** Of `states`: 0.04 dollars at AWS's list price. */
export const DEFAULT_MOST_REQUESTS = 100_000;

const statesSchema = z.strictObject({
  maxRequests: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .default(DEFAULT_MOST_REQUESTS)
    .describe(
      `How many GET requests one look at the states of jobs may send for state files. Each new file takes one, once in its life; the next look goes on. A million of them cost about $0.40. Default: ${DEFAULT_MOST_REQUESTS}.`,
    ),
});

function price(what: string) {
  const error = 'Write a number such as 0.023; 0 where nothing is charged.';
  return z.number({ error }).min(0, { error }).describe(what);
}

const pricesSchema = z.strictObject({
  storagePerGiBMonth: price('Price of storing one GiB for a month.'),
  listPer1000: price('Price of 1,000 LIST requests.'),
  getPer1000: price('Price of 1,000 GET requests.'),
  currency: text(/^[A-Z]{3}$/, 'Write three capitals, such as "USD" or "EUR".')
    .default('USD')
    .describe('The currency of these prices, as three capital letters. Default: "USD".'),
});

/** The whole of `steward.json`. */
export const stewardSchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the JSON Schema of this file.'),
  area: z
    .array(areaEntrySchema)
    .default([])
    .describe(
      'Every bucket, prefix and directory that holds checkpoints or savepoints which ever shared state: "s3://bucket/prefix", a directory relative to this file, {path, as} for a copy or mount, or {bucket, …} with settings for one bucket. Required unless the command line gives locations.',
    ),
  ledger: text(/\S/, 'Write a directory, or an S3 URL such as "s3://my-ledger/flink".')
    .optional()
    .describe(
      'Where the command line keeps its ledger for "area": a directory relative to this file, or "s3://bucket/prefix". A deployment has its own ledger and ignores this key. Default: .steward next to a local directory, none for a bucket.',
    ),
  mode: z
    .enum(['observe', 'collect'])
    .default('observe')
    .describe(
      'What the scheduled functions of a deployment do: "observe" deletes nothing, "collect" deletes what the nightly plan lists. The command line ignores this key. Default: "observe".',
    ),
  labels: z
    .array(labelSchema)
    .default([])
    .describe(
      'Names for jobs in reports, metrics and alarms. The first entry that matches counts. In place of a job id that is part of a label, the name appears that Flink reports ("flinkRest"). Default: the job id, with its parent folder where several folders hold jobs.',
    ),
  collect: collectSchema.prefault({}).describe('When garbage may be deleted.'),
  retain: z
    .array(retainSchema)
    .default([])
    .describe('Which checkpoints and savepoints are retired. What no entry matches is kept. Default: [].'),
  minRestorePoints: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .default(1)
    .describe(
      'How many verified restore points of each job are always kept, whatever "retain" allows. At least 1. Default: 1.',
    ),
  groupBy: z
    .enum(['job', 'label'])
    .default('job')
    .describe(
      'What "keepLast" and "minRestorePoints" count: the roots of one job directory ("job"), or of all jobs with the same label ("label"). Default: "job".',
    ),
  deadJobs: z
    .array(text(JOB_ID, 'Write the 32 hex digits of a job id.').toLowerCase())
    .default([])
    .describe(
      'Ids of jobs that never run again, 32 hex digits each. The declaration lapses when the job writes again. Default: [].',
    ),
  protect: z
    .array(globSchema)
    .default([])
    .describe(
      'Patterns of keys that are never deleted, such as "flink/ha/**". "*" matches within a folder, "**" across folders; a plain name protects everything below it. Default: [].',
    ),
  outside: z
    .array(urlSchema)
    .default([])
    .describe(
      'URL prefixes outside the area that checkpoints may reference, such as the bucket that a savepoint was copied from. Not for another name of the area itself: use "as" or "aliases" for that. Default: [].',
    ),
  aliases: z
    .record(urlSchema, urlSchema)
    .default({})
    .describe(
      'Other names under which the same objects are found, such as S3 access point aliases: the URL prefix in references, and the URL prefix in the area. Default: {}.',
    ),
  copies: z
    .record(urlSchema, urlSchema)
    .default({})
    .describe(
      'Replicas and backups in the area: the URL prefix of the original, as references say it, and the URL prefix of its copy. Checkpoints in a copy protect the files of both. Default: {}.',
    ),
  scope: z
    .enum(['bucket', 'area'])
    .default('bucket')
    .describe(
      'Where the steward searches for checkpoints outside the area that reference files in it. "bucket": it lists the rest of each bucket of the area once a week, and deletes nothing while a checkpoint there references a file of the area. "area": it lists nothing outside the area; you declare that the area is complete. Default: "bucket".',
    ),
  flinkRest: z
    .array(
      text(/^https?:\/\/[^/]+/, 'Write an address such as "http://jobmanager:8081".').refine(
        (url) => URL.canParse(url),
        { error: 'Write an address such as "http://jobmanager:8081".' },
      ),
    )
    .default([])
    .describe(
      "Addresses of Flink's REST endpoints (Flink 1.15 to 2.3). A job that runs there never counts as ended, and its name is its label. While one of them does not answer, nothing in the area is deleted. Default: [].",
    ),
  signals: signalsSchema.prefault({}).describe('What is measured, when alarms fire, and who is notified.'),
  guard: guardSchema,
  lifecycle: lifecycleSchema.prefault({}).describe('The lifecycle rules of the buckets.'),
  deploy: deploySchema.prefault({}).describe('Settings that only a deployment to AWS reads.'),
  states: statesSchema
    .optional()
    .describe(
      'How `steward states` and `steward verify` look at state files. Where it is set, even as {}, a deployment has a function that may read state files, and looks at them each day; without it none of its functions may.',
    ),
  prices: pricesSchema
    .optional()
    .describe("What your store charges. Default: AWS's list prices for S3 Standard in the region of the bucket."),
});
