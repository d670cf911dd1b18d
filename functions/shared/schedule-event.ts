import * as z from 'zod';

/** The event of a schedule, also for starting the function by hand. */
export const scheduleEventSchema = z.strictObject({
  by: z.string().optional().describe('who started it, for the log: "schedule", "deployment" or a name'),
});
