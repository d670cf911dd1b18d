import * as z from 'zod';
import { amount, retention, runRecord } from './parts.ts';
import { planDocument } from './plan.ts';

export const applied = z.strictObject({
  deleted: amount,
  versioned: z.int().describe('of the deleted ones, those that the bucket keeps as noncurrent versions'),
  gone: z.int().describe('were deleted already'),
  changed: z.int().describe('have other content than was judged, and were kept'),
  refused: z.int(),
  refusal: z.string().nullable().describe("the first refusal, in the store's words"),
  spared: z.int().describe('are referenced by a root that was completed after the survey, and were kept'),
  stopped: z.string().nullable(),
});

/** `steward collect --json`, `apply --json`, `retire --json` */
export const runDocument = z.strictObject({
  ...runRecord.shape,
  ...planDocument.omit({ job: true }).shape,
  retention: z.array(retention).describe('each checkpoint and savepoint, with why it is kept or retired'),
  applied: applied.nullable().describe('null where nothing was executed'),
});
