import * as z from 'zod';
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
  undecidable,
  withheld,
} from './parts.ts';

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
      costPerMonth: monthlyCost.nullable(),
      outlook,
    }),
  ),
  staying,
  undecidable,
  findings: z.array(finding),
  notes: z.array(z.string()),
  lifecycle: lifecycleJudgement.nullable().describe('of --lifecycle, else of the only bucket; otherwise null'),
  buckets: z.array(bucketRules),
  cost: z
    .strictObject({
      currency: z.string(),
      pricesOf: z.string().describe('year and month of the list prices, or "steward.json"'),
      regions: z.array(z.string()),
      regionAssumed: z.boolean().describe('whether the prices of another region stand in'),
      perMonth: monthlyCost,
      survey: z.strictObject({ listRequests: z.int(), getRequests: z.int(), cost: z.number() }),
    })
    .nullable(),
});
