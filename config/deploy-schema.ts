import * as z from 'zod';
import { text } from './field-schemas.ts';

/** S3 user guide, "General purpose bucket naming rules". */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** EventBridge Scheduler user guide, "Schedule types". */
const SCHEDULE = /^(?:rate\([1-9][0-9]* (?:minute|hour|day)s?\)|cron\((?:\S+ ){5}\S+\))$/;

const ON_OFF = 'Write "on" or "off".';

function schedule(what: string, preset: string) {
  return text(SCHEDULE, `Write a schedule as EventBridge Scheduler reads it, such as "${preset}".`)
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
  vpc: z
    .strictObject({
      subnets: ids('subnet', 'subnet-0a1b2c3d4e5f60718').describe(
        'Ids of the subnets. S3, Lambda and CloudWatch must be reachable from them, through a NAT gateway or VPC endpoints.',
      ),
      securityGroups: ids('sg', 'sg-0a1b2c3d4e5f60718').describe(
        'Ids of the security groups. They must allow outgoing requests to the JobManagers and to AWS.',
      ),
    })
    .optional()
    .describe(
      'The network of the functions that ask "flinkRest", where the JobManagers can be reached only from inside a VPC. Default: none.',
    ),
  notifications: z
    .enum(['print', 'merge'], { error: 'Write "print" or "merge".' })
    .default('print')
    .describe(
      'How adopted buckets tell the stack about new checkpoints. "print": the stack prints the entry for the notifications of each bucket, and somebody adds it. "merge": the deployment adds its entry, keeps those of others, and removes it with the stack. Default: "print".',
    ),
  ledgerBucket: text(BUCKET_NAME, 'Write the name of the bucket alone, such as "my-ledger".')
    .optional()
    .describe(
      'An existing bucket that holds the ledger, such as the one that an earlier deployment left. Default: a new bucket.',
    ),
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
