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

/** What is measured of jobs, and when people are told. */
export const signalsSchema = z.strictObject({
  budget: z
    .record(z.string(), sizeSchema)
    .default({})
    .describe(
      'Bytes that a job may use, by label, and "default" for all others: sizes such as "500GB" or "2TiB". Default: five times what a job used in its first three days.',
    ),
  growthHorizon: durationSchema
    .prefault(`${DEFAULT_THRESHOLDS.horizon}d`)
    .describe(`Tell when the budget will be reached within this. A duration; default ${DEFAULT_THRESHOLDS.horizon}d.`),
  jump: within(
    LEAST_JUMP,
    Number.POSITIVE_INFINITY,
    `Tell when two checkpoints running are so many times as large as usual. At least ${LEAST_JUMP}; default ${DEFAULT_THRESHOLDS.jump}.`,
    DEFAULT_THRESHOLDS.jump,
  ),
  lateness: within(
    1,
    Number.POSITIVE_INFINITY,
    `Tell when a checkpoint is so many of the job's own usual intervals late. At least 1; default ${DEFAULT_THRESHOLDS.lateness}.`,
    DEFAULT_THRESHOLDS.lateness,
  ),
  reclaimableShare: within(
    LEAST_SHARE,
    1,
    `Tell when more than this share of a job has been garbage for three days: from ${LEAST_SHARE} to 1, which is never. Default: ${DEFAULT_THRESHOLDS.reclaimableShare}.`,
    DEFAULT_THRESHOLDS.reclaimableShare,
  ),
  pausedFor: durationSchema
    .prefault(`${DEFAULT_THRESHOLDS.paused}h`)
    .describe(
      `Tell when deleting has been paused for longer than this. A duration; default ${DEFAULT_THRESHOLDS.paused}h.`,
    ),
  metrics: z
    .array(z.enum(SELECTABLE_METRICS))
    .default([...DEFAULT_JOB_METRICS])
    .describe(
      `Metrics published per job. Alarms are about what is published. Default: ${DEFAULT_JOB_METRICS.join(', ')}.`,
    ),
  maxJobs: z
    .int({ error: 'Write a whole number.' })
    .min(1, { error: 'Write 1 or more.' })
    .default(MOST_JOBS)
    .describe(
      `Jobs with metrics of their own; further ones are published together as "other". At least 1; default ${MOST_JOBS}.`,
    ),
  slack: z
    .strictObject({
      secretName: z
        .string({ error: SECRET })
        .min(1, { error: SECRET })
        .describe('Name of the Secrets Manager secret that holds the webhook URL.'),
    })
    .optional()
    .describe('Where messages go. Default: nowhere.'),
});
