import * as z from 'zod';
import { BROKEN } from '#steward/verify.ts';
import { area, start, time, undecidable } from './parts.ts';
import { looked } from './states.ts';

/** `steward verify --json` */
export const verifyDocument = z.strictObject({
  area,
  start,
  jobs: z.array(
    z.strictObject({
      label: z.string(),
      job: z.string().nullable(),
      directory: z.string(),
      restorePoints: z.array(
        z.strictObject({
          path: z.string().describe('what "flink run -s" takes'),
          completed: time,
          stateFiles: z.int().describe('files of RocksDB or ForSt; of others only existence and size are known'),
          looked: z.int().describe('those whose end was read, now or before'),
          broken: z.int(),
        }),
      ),
      stateFiles: z.int().describe('distinct ones of all of them'),
      looked: z.int(),
      broken: z.array(
        z.strictObject({
          url: z.string(),
          problem: z.enum(BROKEN),
          sentence: z.string(),
          restorePoints: z.array(z.string()).describe('those that need it'),
        }),
      ),
      damaged: z
        .array(
          z.strictObject({
            path: z.string().describe('what "flink run -s" would take'),
            completed: time,
            missing: z.int().describe('files that are missing or of another size'),
            firstMissing: z.string().nullable(),
            sentence: z.string(),
            isFinding: z
              .boolean()
              .describe('false where the job continues elsewhere, or the files may still be written'),
          }),
        )
        .describe('checkpoints and savepoints that lack files: no restore points'),
      unverified: z.int().describe('checkpoints and savepoints that reference files outside the area'),
      unread: z.array(z.string()).describe('files that could not be read, and why, in sentences'),
    }),
  ),
  looked,
  currency: z.string().nullable(),
  undecidable,
});
