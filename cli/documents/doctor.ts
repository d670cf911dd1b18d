import * as z from 'zod';
import { CHECK_STATES, CHECKS } from '#steward/doctor/finding.ts';
import { area, time } from './parts.ts';

const words = z.union([z.string(), z.array(z.string())]);

/** `steward doctor --json` */
export const doctorDocument = z.strictObject({
  at: time.describe('when it was asked, by the clock of this machine'),
  area,
  checks: z.array(
    z.strictObject({
      check: z.enum(CHECKS),
      location: z.string().nullable().describe('null for what holds for all locations'),
      state: z.enum(CHECK_STATES).describe('wrong: status 1; not-checked: status 3'),
      found: z.string(),
      advice: z.string().nullable().describe('what to do'),
      command: z.string().nullable().describe('the command to run for it'),
      grant: z
        .array(z.strictObject({ Effect: z.literal('Allow'), Action: words, Resource: words }))
        .describe('statements for the policy of these credentials: the rights that are missing'),
    }),
  ),
});
