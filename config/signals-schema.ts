import * as z from 'zod';
import { DEFAULT_THRESHOLDS } from '#core/signals/alarms.ts';
import { LEAST_SHARE } from '#core/signals/gauges.ts';
import { LEAST_JUMP } from '#core/signals/jump.ts';
import { DEFAULT_JOB_METRICS, LONGEST_NAMESPACE, SELECTABLE_METRICS } from '#core/signals/metrics.ts';
import { durationSchema, sizeSchema } from './field-schemas.ts';

/** With two metrics each, some 120 dollars a month. */
const MOST_JOBS = 200;

function within(least: number, most: number, what: string, preset: number) {
  const error =
    most === Number.POSITIVE_INFINITY ? `Write ${least} or more.` : `Write a number from ${least} to ${most}.`;
  const number = z.number({ error: `Write a number such as ${preset}.` }).min(least, { error });
  return number.max(most, { error }).default(preset).describe(what);
}

/** Secrets Manager API reference, "CreateSecret": the characters of a name. In an ARN six more follow it. */
const SECRET = /^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?[A-Za-z0-9/_+=.@-]{1,512}$/;
/** The address of a webhook without its scheme is a possible name, and is never meant as one. */
const WEBHOOK = /hooks\.slack|(?:^|\/)T[A-Z0-9]+\/B[A-Z0-9]+\//;
const SECRET_ADVICE =
  'Write the name or the ARN of a secret of AWS Secrets Manager, such as "my-webhook". The address of the webhook is the content of that secret, and must not stand in this file.';

const NAMESPACE =
  'Write a name such as "FlinkSteward/production": letters, digits and . / # _ -, 255 at most, not beginning with "AWS/".';
const RUNBOOK = 'Write the address of the page, such as "https://wiki.example.org/flink-steward/runbook".';

/** What is measured of jobs, and when alarms fire. */
export const signalsSchema = z.strictObject({
  budget: z
    .record(z.string(), sizeSchema)
    .default({})
    .describe(
      'How much storage a job may use, by label; "default" is for all other jobs. Sizes such as "500GB" or "2TiB". Default: five times what the job used in its first three days.',
    ),
  growthHorizon: durationSchema
    .prefault(`${DEFAULT_THRESHOLDS.horizon}d`)
    .describe(
      `The budget alarm fires when a job will reach its budget within this time. Default: "${DEFAULT_THRESHOLDS.horizon}d".`,
    ),
  jump: within(
    LEAST_JUMP,
    Number.POSITIVE_INFINITY,
    `The size-jump alarm fires when two checkpoints in a row are this many times as large as the median. At least ${LEAST_JUMP}. Default: ${DEFAULT_THRESHOLDS.jump}.`,
    DEFAULT_THRESHOLDS.jump,
  ),
  lateness: within(
    1,
    Number.POSITIVE_INFINITY,
    `The late-checkpoint alarm fires when the newest checkpoint is this many of the job's own usual intervals old. At least 1. Default: ${DEFAULT_THRESHOLDS.lateness}.`,
    DEFAULT_THRESHOLDS.lateness,
  ),
  reclaimableShare: within(
    LEAST_SHARE,
    1,
    `The reclaimable-share alarm fires when more than this share of a job's bytes has been garbage for three days. From ${LEAST_SHARE} to 1, which means never. Default: ${DEFAULT_THRESHOLDS.reclaimableShare}.`,
    DEFAULT_THRESHOLDS.reclaimableShare,
  ),
  pausedFor: durationSchema
    .prefault(`${DEFAULT_THRESHOLDS.paused}h`)
    .describe(
      `The paused alarm fires when deleting has been paused for longer than this. Default: "${DEFAULT_THRESHOLDS.paused}h".`,
    ),
  metrics: z
    .array(z.enum(SELECTABLE_METRICS))
    .default([...DEFAULT_JOB_METRICS])
    .describe(
      `Which metrics are published for each job each hour; [] for none. What an alarm compares is published while it matters, named here or not. Default: ${DEFAULT_JOB_METRICS.join(', ')}.`,
    ),
  maxJobs: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .default(MOST_JOBS)
    .describe(
      `How many jobs have metrics of their own; the metrics of all further jobs are published together as "other". At least 1. Default: ${MOST_JOBS}.`,
    ),
  namespace: z
    .string({ error: NAMESPACE })
    .regex(/^(?!AWS\/)[A-Za-z0-9][\w./#-]*$/, { error: NAMESPACE })
    .max(LONGEST_NAMESPACE, { error: NAMESPACE })
    .optional()
    .describe(
      'The CloudWatch namespace of the metrics of a deployment. No two deployments of an account and region should share one, or their alarms are about both. Default: a namespace of its own, an output of the stack.',
    ),
  slack: z
    .strictObject({
      secretName: z
        .string({ error: SECRET_ADVICE })
        .regex(SECRET, { error: SECRET_ADVICE, abort: true })
        .refine((name) => !WEBHOOK.test(name), { error: SECRET_ADVICE })
        .describe(
          'Name or ARN of the Secrets Manager secret that holds the URL of the webhook, never that URL itself.',
        ),
      reportLink: z
        .boolean()
        .default(true)
        .describe(
          'Whether messages contain a link to the newest report. Everybody who has the link can read the report, without an AWS account, until the link expires. Default: true.',
        ),
    })
    .optional()
    .describe('Sends alarms to Slack. Default: no messages.'),
  runbookUrl: z
    .string({ error: RUNBOOK })
    .refine((url) => /^https?:\/\/[^/]\S*$/.test(url) && URL.canParse(url), { error: RUNBOOK })
    .optional()
    .describe(
      'Where your team reads the runbook: the address of a page with the sections of docs/runbook.md, for the links of alarms and messages. Default: none; they name the section.',
    ),
});
