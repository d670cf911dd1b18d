import * as z from 'zod';
import { DEFAULT_THRESHOLDS } from '#core/signals/alarms.ts';
import { LEAST_SHARE } from '#core/signals/gauges.ts';
import { LEAST_JUMP } from '#core/signals/jump.ts';
import { DEFAULT_JOB_METRICS, SELECTABLE_METRICS } from '#core/signals/metrics.ts';
import { durationSchema, sizeSchema } from './field-schemas.ts';

/** With seven metrics each, some 420 dollars a month. */
const MOST_JOBS = 200;

function within(least: number, most: number, what: string, preset: number) {
  const error =
    most === Number.POSITIVE_INFINITY ? `Write ${least} or more.` : `Write a number from ${least} to ${most}.`;
  const number = z.number({ error: `Write a number such as ${preset}.` }).min(least, { error });
  return number.max(most, { error }).default(preset).describe(what);
}

const SECRET = 'Write the name of the secret.';

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
      `Which metrics are published for each job; [] for none. An alarm needs its metric. Default: ${DEFAULT_JOB_METRICS.join(', ')}.`,
    ),
  maxJobs: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .default(MOST_JOBS)
    .describe(
      `How many jobs have metrics of their own; the metrics of all further jobs are published together as "other". At least 1. Default: ${MOST_JOBS}.`,
    ),
  slack: z
    .strictObject({
      secretName: z
        .string({ error: SECRET })
        .min(1, { error: SECRET })
        .describe('Name of the Secrets Manager secret that holds the URL of the webhook.'),
    })
    .optional()
    .describe('Sends alarms to Slack. Default: no messages.'),
});
