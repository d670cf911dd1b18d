import * as z from 'zod';
import { JOB_ALARMS } from '#core/signals/alarms.ts';
import { METRICS_OF_JOBS } from '#core/signals/metrics.ts';
import { budget, cause, time } from './parts.ts';

const alarm = z.enum(JOB_ALARMS.map(({ id }) => id));
const metric = z.enum(METRICS_OF_JOBS.map(({ name }) => name));

/** `steward signals --json` */
export const signalsDocument = z.strictObject({
  history: z.string().describe('the file or the ledger that was replayed'),
  from: time,
  until: time,
  thresholds: z.strictObject({
    jump: z.number(),
    horizon: z.number().describe('days'),
    reclaimableShare: z.number(),
    lateness: z.number(),
    paused: z.number().describe('hours'),
  }),
  jobs: z.array(
    z.strictObject({
      job: z.string(),
      ended: z.boolean(),
      alarms: z.array(
        z.strictObject({
          alarm,
          title: z.string(),
          fired: time,
          recovered: time.nullable().describe('null where it still holds'),
          metric,
          value: z.number().nullable(),
          threshold: z.number(),
          cause: cause.describe('what made the job grow'),
          causeText: z.string().nullable(),
          budget,
          runbook: z.string(),
        }),
      ),
      gauges: z.record(metric, z.number().nullable()).describe('at the end of the replay'),
    }),
  ),
  spread: z.partialRecord(alarm, z.enum(['none', 'one', 'some', 'all'])).describe('on how many jobs each alarm fired'),
});
