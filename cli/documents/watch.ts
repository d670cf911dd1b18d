import * as z from 'zod';
import { time } from './parts.ts';

export const watchDocument = z.strictObject({
  began: time.describe('when the first look began'),
  ended: time,
  looks: z.int().describe('how often the area was looked at'),
  restorePoints: z.int().describe('checkpoints and savepoints that could be restored from at the first look'),
  objects: z.int().describe('at the first look'),
  damaged: z.int().describe('checkpoints and savepoints that lacked files at the first look already'),
  losses: z
    .array(
      z.strictObject({
        url: z.string().describe('the file that is gone'),
        restorePoints: z
          .array(z.strictObject({ path: z.string(), job: z.string(), completed: time }))
          .describe('the checkpoints and savepoints that need it, the newest first'),
      }),
    )
    .describe('empty if the user ended the command'),
});
