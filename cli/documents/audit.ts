import * as z from 'zod';
import { JOB_STATES } from '#core/signals/job-states.ts';
import { cost, savings } from './cost.ts';
import { bucketRules, lifecycleJudgement } from './lifecycle.ts';
import {
  amount,
  area,
  finding,
  groups,
  monthlyCost,
  outlook,
  rootView,
  start,
  staying,
  time,
  undecidable,
  withheld,
} from './parts.ts';
import { rootState } from './states.ts';

/** `steward audit --json` */
export const auditDocument = z.strictObject({
  area,
  start,
  total: amount,
  groups,
  roots: z.int().describe('checkpoints and savepoints'),
  jobs: z.array(
    z.strictObject({
      label: z.string(),
      job: z.string().nullable().describe('32 hex digits; null where the path does not contain the job id'),
      directory: z.string(),
      total: amount,
      groups,
      checkpoints: z.int(),
      savepoints: z.int(),
      restorePoints: z.int(),
      unverified: z.int().describe('roots that reference files outside the area'),
      newestRestorePoint: rootView.nullable(),
      withheld: z.array(withheld).describe('whole, newer than that, and Flink cannot start from them as things are'),
      damaged: z.array(rootView),
      declaredDead: z.boolean(),
      state: z
        .enum(JOB_STATES)
        .describe(
          'running: Flink says so, or it writes as usual; ended: declared dead, or no write for deadAfter; silent: neither is known',
        ),
      stateWhy: z.string().describe('what shows the state, as a clause'),
      lastWrite: time.nullable(),
      costPerMonth: monthlyCost.nullable(),
      outlook,
      operators: rootState
        .nullable()
        .optional()
        .describe('state of the newest restore point by operator; only with --job, null where there is none'),
    }),
  ),
  staying,
  undecidable,
  findings: z.array(finding),
  notes: z.array(z.string()),
  lifecycle: lifecycleJudgement.nullable().describe('of --lifecycle, else of the only bucket; otherwise null'),
  buckets: z.array(bucketRules),
  cost: cost.nullable(),
  savings: savings.describe('what can be saved, and how'),
});
