import * as z from 'zod';
import { deadJob, deadRoot, paused, pin } from './history.ts';
import { area, runRecord, time } from './parts.ts';

export const statusShape = {
  area,
  ledger: z.string(),
  exists: z.boolean().describe('whether a run has created the ledger; if not, nothing is in force'),
  markers: z.array(z.string()).describe('what is wrong with the markers, such as that one names another ledger'),
  inProgress: z
    .strictObject({ run: z.string(), command: z.string(), host: z.string() })
    .nullable()
    .describe('the run that holds the lease'),
  paused,
  pins: z.array(pin),
  deadJobs: z.array(
    deadJob.extend({
      label: z.string().nullable(),
      lapsed: z
        .boolean()
        .nullable()
        .describe('true if the job has completed a checkpoint since; null if the ledger does not know'),
    }),
  ),
  deadRoots: z.array(deadRoot),
  retired: z.int().describe('checkpoints and savepoints that were retired and not put back'),
  quarantine: z
    .strictObject({
      run: z.string(),
      asOf: time,
      objects: z.int(),
      bytes: z.number(),
      firstEnds: time.nullable().describe('when the first object may go; null if it was not recorded'),
    })
    .nullable()
    .describe('the state after the newest run that judged the area; null if there is none'),
  runs: z.array(runRecord).describe('the newest five, newest first'),
  lastDeleting: runRecord.nullable().describe('the newest run that deleted or retired something'),
};

/** `steward status --json` */
export const statusDocument = z.strictObject(statusShape);
