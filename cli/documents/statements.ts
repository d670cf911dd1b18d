import * as z from 'zod';

const executed = z.boolean().describe('false for a dry run');

/** `steward pin --json` */
export const pinDocument = z.strictObject({
  pinned: z.string(),
  why: z.string().nullable(),
  retiredBy: z.string().optional().describe('the run that had begun to retire it before the pin'),
  executed,
});
/** `steward unpin --json` */
export const unpinDocument = z.strictObject({ unpinned: z.string(), executed });
/** `steward declare-dead --json`: a job, or a root */
export const declareDeadDocument = z.union([
  z.strictObject({ deadJob: z.string(), executed }),
  z.strictObject({ deadRoot: z.string(), etag: z.string(), executed }),
]);
/** `steward pause --json`, `resume --json` */
export const pauseDocument = z.strictObject({
  paused: z.boolean(),
  above: z
    .array(z.strictObject({ url: z.string(), place: z.string() }))
    .optional()
    .describe('markers of other ledgers above the area, which people have to remove'),
  executed,
});
