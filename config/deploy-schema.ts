import * as z from 'zod';
import { isBucketName, KMS_KEY_ADVICE, KMS_KEY_ARN, LOG_RETENTION_DAYS, STACK_NAME } from './aws-names.ts';
import { daysSchema, text } from './field-schemas.ts';
import { scheduleProblem } from './schedule-expression.ts';

const DAY = 86_400_000;

const BUCKET = 'Write the name of the bucket alone, such as "my-ledger".';
/** Lambda developer guide, "Configure Lambda function memory". */
const LEAST_MEMORY = 128;
const MOST_MEMORY = 10_240;
const MEMORY = `Write a whole number of MiB from ${LEAST_MEMORY} to ${MOST_MEMORY}, such as 3008.`;
const ON_OFF = 'Write "on" or "off".';

function schedule(what: string, preset: string) {
  return z
    .string({ error: `Write a schedule such as "${preset}".` })
    .superRefine((expression, context) => {
      const problem = scheduleProblem(expression);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .default(preset)
    .describe(`${what} As EventBridge Scheduler writes it: "rate(…)" or "cron(…)". Default: "${preset}".`);
}

function ids(kind: string, example: string) {
  const advice = `Write a list with at least one id such as "${example}".`;
  return z
    .array(text(new RegExp(`^${kind}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`), advice), { error: advice })
    .min(1, { error: advice });
}

/** What only a deployment to AWS reads. */
export const deploySchema = z.strictObject({
  schedules: z
    .enum(['on', 'off'], { error: ON_OFF })
    .default('on')
    .describe('Whether the schedules are on. With "off" nothing runs by itself. Default: "on".'),
  timeZone: z
    .string({ error: 'Write a time zone such as "Europe/Berlin".' })
    .refine(isTimeZone, { error: 'Write a time zone of the IANA data base, such as "Europe/Berlin" or "UTC".' })
    .default('UTC')
    .describe('Time zone of the schedules. Default: "UTC".'),
  survey: schedule('When the area is surveyed.', 'rate(1 hour)'),
  collect: schedule('When deletion is planned and, with "mode": "collect", carried out.', 'cron(30 2 * * ? *)'),
  rules: schedule('When the lifecycle rules of the buckets are checked or written.', 'cron(15 1 * * ? *)'),
  states: schedule('With "states": when state files are looked at.', 'cron(0 4 * * ? *)'),
  vpc: z
    .strictObject({
      subnets: ids('subnet', 'subnet-0a1b2c3d4e5f60718').describe(
        'Ids of the subnets. S3, Lambda, Step Functions and CloudWatch must be reachable from them, through a NAT gateway or VPC endpoints.',
      ),
      securityGroups: ids('sg', 'sg-0a1b2c3d4e5f60718').describe(
        'Ids of the security groups. They must allow outgoing requests to the JobManagers and to AWS.',
      ),
    })
    .optional()
    .describe(
      'The network of the functions that ask "flinkRest", where the JobManagers can be reached only from inside a VPC. Default: none.',
    ),
  requireIfMatch: z
    .boolean({ error: 'Write true or false.' })
    .default(false)
    .describe(
      "Whether the role of `sweep` itself demands that each deletion is conditional on the ETag (condition key s3:if-match). The steward's deletions always are. Nobody has shown on AWS that deletions of many keys at once set it, so try it with one object first. Default: false.",
    ),
  notifications: z
    .enum(['print', 'merge'], { error: 'Write "print" or "merge".' })
    .default('print')
    .describe(
      'How adopted buckets tell the stack about new checkpoints. "print": the stack prints the entry for the notifications of each bucket, and somebody adds it. "merge": the deployment adds its entry, keeps those of others, and removes it with the stack. Default: "print".',
    ),
  ledgerBucket: z
    .string({ error: BUCKET })
    .refine(isBucketName, { error: BUCKET })
    .optional()
    .describe(
      'An existing bucket that holds the ledger, such as the one that an earlier deployment left. Default: a new bucket.',
    ),
  ledgerKmsKey: text(KMS_KEY_ARN, KMS_KEY_ADVICE)
    .optional()
    .describe(
      'ARN of the KMS key that encrypts the bucket of the ledger, whether the deployment makes it or "ledgerBucket" names it. The roles are granted its use. Default: none; a new bucket is encrypted with the keys of S3.',
    ),
  bucketKmsKey: text(KMS_KEY_ARN, KMS_KEY_ADVICE)
    .optional()
    .describe(
      'ARN of the KMS key that encrypts the checkpoint bucket that the deployment creates. The jobs must be allowed to use the key too. For a bucket that "area" names, set "kmsKey" there. Default: none; the bucket is encrypted with the keys of S3.',
    ),
  memory: z
    .int({ error: MEMORY })
    .min(LEAST_MEMORY, { error: MEMORY })
    .max(MOST_MEMORY, { error: MEMORY })
    .default(3008)
    .describe(
      'Memory in MiB of the functions that survey the area, 128 to 10240. A million objects take some 250. Lambda gives more processor time with more memory: one whole processor from 1769 on, and two from 3538 on, which is all that a survey can use. New AWS accounts allow 3008 at most. Default: 3008.',
    ),
  shards: z
    .enum(['off', 'auto'], { error: 'Write "off" or "auto".' })
    .default('off')
    .describe(
      'What a collection does once the area has outgrown one function. "off": it fails, and says so. "auto": the state machine collects it in shards of about a million objects, by many functions at once, with the same verdicts (docs/scale.md). Default: "off".',
    ),
  logRetention: daysSchema
    .refine((milliseconds) => LOG_RETENTION_DAYS.includes(milliseconds / DAY), {
      error: `CloudWatch keeps logs for one of these numbers of days: ${LOG_RETENTION_DAYS.join(', ')}. Write one of them, such as "180d".`,
    })
    .prefault('180d')
    .describe(
      'How long the logs of the functions are kept: "1d", "7d", "30d", "90d", "180d", "365d" or another number of days that CloudWatch accepts. What was deleted, when and why, is in the ledger. Default: "180d".',
    ),
  stackName: text(
    STACK_NAME,
    'Write at most 128 letters, digits and hyphens, the first of them a letter, such as "FlinkSteward-orders".',
  )
    .default('FlinkSteward')
    .describe(
      'Name of the stack. A second deployment in the same account and region needs another one. Default: "FlinkSteward".',
    ),
});

/** As Scheduler takes it: JavaScript also knows offsets, and is lax about case. */
const ZONE = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/;

function isTimeZone(name: string): boolean {
  if (!ZONE.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
