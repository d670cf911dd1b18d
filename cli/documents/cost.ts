import * as z from 'zod';
import { STORAGE_CLASSES } from '#core/inventory/storage-class.ts';
import { monthlyCost, time } from './parts.ts';

/** What an area costs, and what can be saved: parts of `steward audit --json`. Amounts are in units of the currency. */

const perMonth = z.number();
const unlisted = z
  .strictObject({
    count: z.int(),
    bytes: z.number(),
    perMonth,
    atLeast: z.boolean().describe('whether not all were counted'),
  })
  .nullable();
const saving = {
  objects: z.int(),
  bytes: z.number(),
  perMonth: perMonth.nullable().describe('null where no prices hold'),
};

export const cost = z.strictObject({
  currency: z.string(),
  pricesOf: z.string().describe('year and month of the list prices, or "steward.json"'),
  regions: z.array(z.string()),
  regionAssumed: z.boolean().describe('whether the prices of another region stand in'),
  perMonth: monthlyCost.describe('of the objects'),
  storageClasses: z
    .array(
      z.strictObject({
        storageClass: z.enum(['STANDARD', ...STORAGE_CLASSES]),
        objects: z.int(),
        bytes: z.number(),
        billedBytes: z.number().describe('more than bytes where the class bills small objects as larger ones'),
        perMonth,
      }),
    )
    .describe('the objects, by storage class; prices of steward.json hold for all of them, as one'),
  survey: z.strictObject({ listRequests: z.int(), getRequests: z.int(), cost: z.number() }),
  unlisted: z
    .strictObject({
      versions: unlisted.describe('noncurrent versions; null where no bucket is known to keep any'),
      uploads: unlisted.describe('incomplete multipart uploads; null where not known'),
      notLookedAt: z.array(z.string()).describe('what is not in the sum, in sentences'),
      afterDeletion: z.array(z.string()).describe('what deleting frees in a bucket that keeps versions, in sentences'),
    })
    .describe('what is billed and no listing of objects shows'),
  wholePerMonth: perMonth.describe(
    'perMonth.total, with noncurrent versions and incomplete uploads as far as they are known',
  ),
  stack: z
    .strictObject({
      jobs: z.int(),
      perMonth: perMonth.describe('US dollars'),
      bytes: z.number().nullable().describe('so much garbage costs as much'),
    })
    .nullable()
    .describe('what a deployment for the jobs that have not ended would cost'),
});

export const savings = z.strictObject({
  reclaimable: z.strictObject(saving).describe('garbage: what collecting frees'),
  waiting: z
    .strictObject({
      ...saving,
      jobs: z.int(),
      from: time.describe('when the first of them has been silent for deadAfter'),
      command: z.string().describe('the command that does not wait'),
    })
    .nullable()
    .describe('in progress of silent jobs'),
  endedJobs: z
    .strictObject({ ...saving, jobs: z.int() })
    .nullable()
    .describe('what only checkpoints of ended jobs reference'),
  retain: z
    .strictObject({
      ...saving,
      configured: z.boolean().describe('whether steward.json has the policy already'),
      setting: z.string(),
      roots: z.int().describe('checkpoints and savepoints that it retires'),
      heldBy: z.string().nullable().describe('what keeps all of them, as a clause; null where nothing does'),
    })
    .nullable()
    .describe('what becomes garbage when that policy has retired its checkpoints and savepoints'),
});
