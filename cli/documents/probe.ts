import * as z from 'zod';
import { ANSWERS } from '#core/store-honours.ts';

const answer = z.enum(ANSWERS);

const honours = z.strictObject({
  putIfAbsent: answer.describe('If-None-Match of a write'),
  putIfUnchanged: answer.describe('If-Match of a write'),
  deleteTogether: answer.describe('the ETag of each key of DeleteObjects'),
  deleteSingly: answer.describe('If-Match of DeleteObject'),
  listingAfterWrite: z.boolean(),
  listingOrder: z.boolean(),
  etagsAgree: z.boolean().describe('LIST, HEAD and GET give one ETag'),
  versions: z.boolean().nullable().describe('null where nothing could be deleted'),
  clockSkew: z.number().nullable().describe('seconds by which the clock of the store is ahead of this machine'),
});

/** `steward probe --json` */
export const probeDocument = z.strictObject({
  stores: z.array(
    z.strictObject({
      location: z.string(),
      kind: z
        .enum(['directory', 'aws', 'probed', 'unknown'])
        .describe('directories and Amazon S3 are not probed; unknown: it was denied'),
      endpoint: z.string().nullable(),
      honours: honours.nullable().describe('null where the store was not probed'),
      refusal: z.string().nullable().describe('why nothing is deleted there'),
      noRetiring: z.string().nullable().describe('why no checkpoint or savepoint is retired there'),
      notes: z.array(z.string()),
      remembered: z.boolean().describe('the marker of the location says so from now on'),
    }),
  ),
});
