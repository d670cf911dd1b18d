import * as z from 'zod';
import { DEFAULT_RULES } from '#core/collect/rules.ts';
import { areaEntrySchema } from './area-schema.ts';
import { deploySchema } from './deploy-schema.ts';
import { daysSchema, durationSchema, globSchema, text, urlSchema } from './field-schemas.ts';
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
        .describe('How many of the newest to keep. Default: no such limit.'),
      keepWithin: durationSchema
        .optional()
        .describe('Keep what is younger: a duration such as "30d". Default: no such limit.'),
    }),
  ],
  { error: 'Write "all", or an object such as {"keepLast": 1, "keepWithin": "30d"}.' },
);

const retainSchema = z.strictObject({
  path: globSchema.describe('Keys of roots for which this holds: "**" for all.'),
  endedJobs: keepSchema
    .default('all')
    .describe('Checkpoints of ended jobs: "all", or {keepLast, keepWithin}. Default: "all".'),
  savepoints: keepSchema.default('all').describe('Savepoints: "all", or {keepLast, keepWithin}. Default: "all".'),
});

function rule(
  key: 'minAge' | 'quarantine' | 'checkpointTimeout' | 'deadAfter' | 'abandonedAfter' | 'taskownedMinAge',
  what: string,
) {
  const preset = formatDuration(DEFAULT_RULES[key]);
  return durationSchema.prefault(preset).describe(`${what} A duration; default ${preset}.`);
}

function statement(key: 'taskowned' | 'failedSavepoints', what: string) {
  return z.boolean().default(DEFAULT_RULES[key]).describe(`${what} Default: ${DEFAULT_RULES[key]}.`);
}

const FRACTION = 'Write a number above 0 and up to 1, such as 0.3.';

export const collectSchema = z.strictObject({
  minAge: rule('minAge', 'An object younger than this is never garbage. At least twice "checkpointTimeout".'),
  quarantine: rule(
    'quarantine',
    'How long an object must have been garbage in every run before it is deleted. At least twice "checkpointTimeout".',
  ),
  checkpointTimeout: rule('checkpointTimeout', 'execution.checkpointing.timeout of the slowest job.'),
  deadAfter: rule(
    'deadAfter',
    'Without any write for so long, a job needs no later checkpoint to show that it uses a file no more.',
  ),
  abandonedAfter: rule('abandonedAfter', 'Without any root and any write for so long, a job directory is given up.'),
  maxDeleteFraction: z
    .number({ error: FRACTION })
    .gt(0, { error: FRACTION })
    .lte(1, { error: FRACTION })
    .default(DEFAULT_RULES.maxDeleteFraction)
    .describe(
      `Share of the area's objects or bytes above which a run stops before it deletes. Above 0, up to 1; default ${DEFAULT_RULES.maxDeleteFraction}.`,
    ),
  deletesPerSecond: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .max(3000, { error: "Write 3000 or less: S3 takes some 3,500 a second, and Flink's own come first." })
    .default(1000)
    .describe('Deletions a second at most, 1 to 3000. Default: 1000.'),
  taskowned: statement('taskowned', 'Your statement that no write-ahead sink keeps files under taskowned/.'),
  taskownedMinAge: rule(
    'taskownedMinAge',
    'With "taskowned": files under taskowned/ younger than this are never garbage.',
  ),
  failedSavepoints: statement('failedSavepoints', 'Whether files of savepoints that never completed may go.'),
});

const lifecycleSchema = z.strictObject({
  manage: z
    .enum(['write', 'check'])
    .optional()
    .describe(
      '"write" keeps the S3 lifecycle rules in step, "check" only compares and prints. Default: "write" for an owned bucket, "check" for an adopted one.',
    ),
  abortIncompleteUploadsAfter: daysSchema
    .optional()
    .describe(
      'When incomplete uploads end, in the rules that "steward rules check" proposes: whole days, such as "7d". Default: "7d".',
    ),
  noncurrentVersionsFor: daysSchema
    .optional()
    .describe(
      'How long a versioned bucket keeps deleted versions, in the rules that "steward rules check" proposes: whole days, such as "3d". Default: "3d".',
    ),
});

function price(what: string) {
  const error = 'Write a number such as 0.023; 0 where nothing is charged.';
  return z.number({ error }).min(0, { error }).describe(what);
}

const pricesSchema = z.strictObject({
  storagePerGiBMonth: price('Of a GiB that is stored for a month.'),
  listPer1000: price('Of 1,000 requests that list.'),
  getPer1000: price('Of 1,000 requests that read an object.'),
  currency: text(/^[A-Z]{3}$/, 'Write three capitals, such as "USD" or "EUR".')
    .default('USD')
    .describe('What they are in, three capitals. Default: "USD".'),
});

/** The whole of `steward.json`. */
export const stewardSchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the schema of this file.'),
  area: z
    .array(areaEntrySchema)
    .default([])
    .describe(
      'All places that hold checkpoints or savepoints which ever shared state: "s3://bucket/prefix", a directory relative to this file, {path, as} for a copy, or {bucket, owner, …} with settings of its own. Required unless locations stand on the command line.',
    ),
  ledger: text(/\S/, 'Write a directory, or a place such as "s3://my-ledger/flink".')
    .optional()
    .describe(
      'Where the command line keeps what it must remember of "area": a directory relative to this file, or "s3://bucket/prefix". Locations on the command line replace it with "area". A deployment has a ledger of its own. Default: .steward beside a local area, none for a bucket.',
    ),
  mode: z
    .enum(['observe', 'collect'])
    .default('observe')
    .describe('What scheduled runs do: "observe" deletes nothing. Default: "observe".'),
  labels: z
    .array(labelSchema)
    .default([])
    .describe(
      'Names for jobs; the first that fits counts. Default: the job id, with its parent folder where several folders hold jobs.',
    ),
  collect: collectSchema.prefault({}).describe('When garbage may go.'),
  retain: z.array(retainSchema).default([]).describe('Which roots to retire. Default: [], nothing is retired.'),
  minRestorePoints: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .default(1)
    .describe('Verified restore points that retention always leaves. At least 1; default 1.'),
  groupBy: z
    .enum(['job', 'label'])
    .default('job')
    .describe('What retention counts by: each job directory, or all with one label. Default: "job".'),
  deadJobs: z
    .array(text(JOB_ID, 'Write the 32 hex digits of a job id.').transform((id) => id.toLowerCase()))
    .default([])
    .describe('Job ids, 32 hex digits each, that never run again. Default: [].'),
  protect: z
    .array(globSchema)
    .default([])
    .describe(
      'Patterns of keys that are never deleted, such as "flink/ha/**". A folder protects all below it. Default: [].',
    ),
  outside: z
    .array(urlSchema)
    .default([])
    .describe('URL prefixes of known places outside the area that roots may name. Default: [].'),
  aliases: z
    .record(urlSchema, urlSchema)
    .default({})
    .describe('Other names of places of the area: URL prefix in references → URL prefix in the area. Default: {}.'),
  flinkRest: z
    .array(
      text(/^https?:\/\/[^/]+/, 'Write an address such as "http://jobmanager:8081".').refine(
        (url) => URL.canParse(url),
        { error: 'Write an address such as "http://jobmanager:8081".' },
      ),
    )
    .default([])
    .describe(
      "Addresses of Flink's REST endpoints: jobs that run there are never taken for dead. While one of them does not answer, nothing is deleted. Default: [].",
    ),
  signals: signalsSchema.prefault({}).describe('What is measured and who hears of it.'),
  lifecycle: lifecycleSchema.prefault({}).describe("The bucket's own lifecycle rules."),
  deploy: deploySchema.prefault({}).describe('What only a deployment to AWS reads.'),
  prices: pricesSchema
    .optional()
    .describe("What your store charges, in place of AWS's list prices for S3 Standard. Default: those of the region."),
});
