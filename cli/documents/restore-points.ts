import * as z from 'zod';
import { area, rootView, start, undecidable } from './parts.ts';

/** `steward restore-points --json` */
export const restorePointsDocument = z.strictObject({
  area,
  start,
  jobs: z.array(
    z.strictObject({
      label: z.string(),
      job: z.string().nullable(),
      directory: z.string(),
      newest: z
        .strictObject({ ...rootView.shape, command: z.string().describe('restores it, for the Flink that wrote it') })
        .nullable()
        .describe('the newest restore point; null where nothing of this job can be restored'),
      restorePoints: z.int(),
      unreadable: z
        .array(z.strictObject({ path: z.string(), sentence: z.string() }))
        .describe('roots newer than the newest restore point that could not be read'),
      damagedSince: z.array(rootView).describe('damaged roots newer than the newest restore point'),
      unverified: z.int().describe('roots that reference files outside the area'),
      finding: z.string().nullable(),
    }),
  ),
  undecidable,
});
