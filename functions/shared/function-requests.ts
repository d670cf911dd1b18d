import * as z from 'zod';
import { BREAKERS } from '#core/collect/breakers.ts';

/** What one function asks of another. */

const accept = z
  .array(z.enum(BREAKERS))
  .optional()
  .describe('breakers that must not stop it, because somebody has looked');
const by = z.string().optional().describe('who asked, for the log');

/**
 * How often `sweep` may run in a row for one plan, each time with what the last one had no time for. Lambda breaks a chain
 * of functions off after 16 invocations (its guide, "recursive loop detection"); `collect` is one of them.
 */
export const MOST_PARTS = 12;
const part = z
  .int()
  .min(1)
  .max(MOST_PARTS - 1)
  .optional()
  .describe('how often it has gone on with this plan; only sweep itself sends it');

/** Of `sweep`. */
export const sweepOrderSchema = z.discriminatedUnion('order', [
  z
    .strictObject({
      order: z.literal('collect'),
      plan: z.string().describe('id of a plan in the ledger'),
      accept,
      part,
      by,
    })
    .describe('retire by policy, then delete what the plan names and is garbage still'),
  z
    .strictObject({
      order: z.literal('apply'),
      plan: z.string().describe('id of a plan in the ledger'),
      accept,
      part,
      by,
    })
    .describe('delete what the plan names and is garbage still'),
  z.strictObject({ order: z.literal('retire'), accept, by }).describe('retire by policy, and delete nothing else'),
]);
export type SweepOrder = z.output<typeof sweepOrderSchema>;

/** Of `undo`. */
export const undoOrderSchema = z.strictObject({
  run: z
    .string()
    .regex(/^[\w-]+$/)
    .describe('the run to take back'),
  by,
});
export type UndoOrder = z.output<typeof undoOrderSchema>;

/** Of `lifecycle-rules`. */
export const rulesOrderSchema = z.strictObject({
  write: z
    .boolean()
    .optional()
    .describe('whether rules are written; left out, as lifecycle.manage of steward.json says'),
  restore: z.boolean().optional().describe("whether the steward's own rules come back that somebody has taken out"),
  by,
});
export type RulesOrder = z.output<typeof rulesOrderSchema>;
