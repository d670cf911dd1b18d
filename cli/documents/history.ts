import * as z from 'zod';
import { goneObject } from './explain.ts';
import { deletion, outlook, retiredRoot, runRecord, time } from './parts.ts';

export const pin = z.strictObject({ url: z.string(), at: time, why: z.string().nullable() });
export const paused = z
  .strictObject({ at: time, why: z.string(), by: z.string().nullable().describe('who paused, where that is known') })
  .nullable();
export const deadJob = z.strictObject({ job: z.string(), at: time, by: z.enum(['declared', 'configured']) });

export const deadRoot = z.strictObject({ url: z.string(), etag: z.string(), at: time });

export const state = z.strictObject({
  pins: z.array(pin),
  paused,
  deadJobs: z.array(deadJob),
  deadRoots: z.array(deadRoot),
  retired: z.array(retiredRoot),
});

/** `steward history --json`: all runs; one run (`--run`); one object (`--object`) */
export const historyDocument = z.union([
  z.strictObject({
    runs: z.array(runRecord).describe('newest first'),
    state: state.describe('what people declared, and what was retired'),
    jobs: z.array(z.strictObject({ label: z.string(), outlook })).describe('those that have not ended'),
  }),
  z.strictObject({ run: runRecord.nullable(), deletions: z.array(deletion) }),
  goneObject,
]);
