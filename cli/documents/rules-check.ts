import * as z from 'zod';
import { bucketRules } from './lifecycle.ts';
import { area, start, undecidable } from './parts.ts';

/** `steward rules check --json` */
export const rulesCheckDocument = z.strictObject({
  area,
  start,
  buckets: z.array(bucketRules),
  findings: z.array(z.strictObject({ kind: z.literal('lifecycle-rule'), sentence: z.string() })),
  undecidable,
});
