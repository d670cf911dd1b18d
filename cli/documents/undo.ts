import * as z from 'zod';
import { time } from './parts.ts';

/** `steward undo --json` */
export const undoDocument = z.strictObject({
  executed: z.boolean(),
  roots: z
    .array(
      z.strictObject({
        url: z.string(),
        completed: time,
        comesBack: z.boolean(),
        why: z.string().nullable().describe('why it can not be put back'),
        files: z.int().describe('files that have to be put back first'),
        unverified: z.boolean().describe('whether some of its files are outside the area'),
      }),
    )
    .describe('retired roots of the run'),
  objects: z.array(z.string()).describe('URLs of other objects that can be put back'),
  restoredRoots: z.array(z.string()),
  restoredObjects: z.int(),
  lost: z.array(z.strictObject({ url: z.string(), why: z.string() })).describe('what can not be put back'),
});
