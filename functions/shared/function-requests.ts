import * as z from 'zod';
import { BREAKERS } from '#core/collect/breakers.ts';

/** The events with which one function starts another. */

const accept = z.array(z.enum(BREAKERS)).optional().describe('breakers to ignore, because somebody has checked');
const by = z.string().optional().describe('who started it, for the log');

/**
 * The most invocations of `sweep` for one plan. Each continues where the time of the one before was over. Lambda stops a
 * chain of functions after 16 invocations ("recursive loop detection" in its guide), and `collect` counts as one of them.
 */
export const MOST_PARTS = 12;
const part = z
  .int()
  .min(1)
  .max(MOST_PARTS - 1)
  .optional()
  .describe('how many times sweep has continued this plan; only sweep itself sends it');

/** Event of `sweep`. */
export const sweepOrderSchema = z.discriminatedUnion('order', [
  z
    .strictObject({
      order: z.literal('collect'),
      plan: z.string().describe('id of a plan in the ledger'),
      accept,
      part,
      by,
    })
    .describe('retires by policy, then deletes the objects of the plan that are still garbage'),
  z
    .strictObject({
      order: z.literal('apply'),
      plan: z.string().describe('id of a plan in the ledger'),
      accept,
      part,
      by,
    })
    .describe('deletes the objects of the plan that are still garbage'),
  z.strictObject({ order: z.literal('retire'), accept, by }).describe('retires by policy, and deletes nothing else'),
]);
export type SweepOrder = z.output<typeof sweepOrderSchema>;

/** Event of `undo`. */
export const undoOrderSchema = z.strictObject({
  run: z
    .string()
    .regex(/^[\w-]+$/)
    .describe('name of the run to undo'),
  by,
});
export type UndoOrder = z.output<typeof undoOrderSchema>;

/** Event of `lifecycle-rules`. */
export const rulesOrderSchema = z.strictObject({
  write: z.boolean().optional().describe('whether to write rules. Default: lifecycle.manage of steward.json'),
  restore: z.boolean().optional().describe("whether to add the steward's own rules again that somebody has removed"),
  by,
});
export type RulesOrder = z.output<typeof rulesOrderSchema>;
