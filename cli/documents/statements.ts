import * as z from 'zod';

const executed = z.boolean().describe('false for a dry run');

const retiredBy = z.string().optional().describe('the run that had begun to retire it before the pin');
const start = z.strictObject({
  path: z.string().describe('as it is written in the list'),
  source: z.string().nullable().describe('resource and field in which it stands; null for a line'),
});

/** What became of a list of paths: `steward pin --from`, and `manual`. */
export const pinnedList = z.strictObject({
  pinned: z.array(
    z.strictObject({
      ...start.shape,
      url: z.string(),
      known: z.boolean().describe('pinned before; false in a dry run'),
      retiredBy,
    }),
  ),
  outside: z.array(start).describe('not in the area'),
  missing: z.array(start).describe('in the area, without a _metadata: nothing can start from it'),
  unresolved: z.array(z.string()).describe('snapshots that a job starts from by name, and that the list lacks'),
});

/** `steward pin --json`: one root; a list (`--from`) */
export const pinDocument = z.union([
  z.strictObject({ pinned: z.string(), why: z.string().nullable(), retiredBy, executed }),
  z.strictObject({ ...pinnedList.shape, why: z.string().nullable(), executed }),
]);
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
