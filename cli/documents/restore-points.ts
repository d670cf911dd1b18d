import * as z from 'zod';
import { area, rootView, start, undecidable, withheld } from './parts.ts';

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
        .strictObject({
          ...rootView.shape,
          command: z.string().describe('restores it, for the Flink that wrote it'),
          readsFrom: z.string().nullable().describe('where a restore reads its files, where it is elsewhere'),
          verified: z
            .strictObject({
              stateFiles: z.int(),
              looked: z.int().describe('those that verify or states has read and found whole'),
            })
            .optional()
            .describe('state files of RocksDB or ForSt; only with --verified'),
        })
        .nullable()
        .describe('the newest restore point; null where nothing of this job can be restored'),
      restorePoints: z.int(),
      unreadable: z
        .array(z.strictObject({ path: z.string(), sentence: z.string() }))
        .describe('roots newer than the newest restore point that could not be read'),
      damagedSince: z.array(rootView).describe('damaged roots newer than the newest restore point'),
      damage: z.string().nullable().describe('what is to be thought of them, where it is no finding'),
      repair: z
        .array(z.strictObject({ from: z.string(), to: z.string(), command: z.string() }))
        .describe('missing files of the newest of them that are elsewhere in the area'),
      withheld: z
        .array(withheld)
        .describe('whole, newer than the newest restore point, and Flink cannot start from them as things are'),
      timesDistrusted: z.string().nullable().describe('why the newest may be another one'),
      unverified: z.int().describe('roots that reference files outside the area'),
      finding: z.string().nullable(),
    }),
  ),
  undecidable,
});
