import * as z from 'zod';

/** What a schedule sends, and whoever starts such a function by hand. */
export const scheduleEventSchema = z.strictObject({
  by: z.string().optional().describe('who started it, for the log: "schedule", "deployment" or a name'),
});
