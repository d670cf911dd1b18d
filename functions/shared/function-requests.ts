import * as z from 'zod';
import { BREAKERS } from '#core/collect/breakers.ts';
import type { SaidOfJob } from '#steward/retire-word.ts';

/** The events with which functions and the state machine start a function. */

const accept = z.array(z.enum(BREAKERS)).optional().describe('breakers to ignore, because somebody has checked');
const by = z.string().optional().describe('who started it, for the log');

/**
 * The most invocations of `sweep` for one plan. Each continues where the time of the one before was over. So many take half
 * a day, and a plan is valid for a whole one.
 */
export const MOST_PARTS = 48;
const part = z
  .int()
  .min(1)
  .max(MOST_PARTS - 1)
  .optional()
  .describe('how many times sweep has continued this plan; the state machine counts them');

/** The operator's word on one job directory, in place of the policy. */
export const saidOfJob = {
  job: z.string().min(1).optional().describe('only this job directory (path, URL or key; or an id with one directory)'),
  all: z.boolean().optional().describe('its job is over: all its checkpoints'),
  before: z.iso
    .datetime()
    .optional()
    .describe('in place of "all": its checkpoints that were completed before this time'),
  savepoints: z.boolean().optional().describe('with "all", its savepoints too'),
};

/** What such an event says; null where the policy decides, undefined where its parts don't fit together. */
export function saidIn(event: {
  readonly job?: string | undefined;
  readonly all?: boolean | undefined;
  readonly before?: string | undefined;
  readonly savepoints?: boolean | undefined;
}): SaidOfJob | null | undefined {
  const { job, all = false, before, savepoints = false } = event;
  if (job === undefined) {
    return !all && before === undefined && !savepoints ? null : undefined;
  }
  if (all === (before !== undefined) || (savepoints && !all)) {
    return undefined;
  }
  return { job, before: before === undefined ? null : Date.parse(before), savepoints };
}

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
  z
    .strictObject({ order: z.literal('retire'), ...saidOfJob, accept, by })
    .refine((event) => saidIn(event) !== undefined, { error: 'does not name one job with either "all" or "before"' })
    .describe('retires by policy, or of one job directory what was asked, and deletes nothing else'),
]);
export type SweepOrder = z.output<typeof sweepOrderSchema>;

const run = z
  .string()
  .regex(/^[\w-]+$/)
  .describe('name of the run in shards');
const phase = z
  .string()
  .regex(/^[a-z-]+$/)
  .describe('a phase of the run');

/** Event of `shard`, and of `sweep` in a run in shards. */
export const shardItemSchema = z
  .strictObject({
    run,
    phase,
    item: z
      .string()
      .regex(/^[\w-]+$/)
      .describe('an item of the phase'),
  })
  .describe('an item of a collection in shards');
export type ShardItemOrder = z.output<typeof shardItemSchema>;

/** Event of `shards`. */
export const shardsOrderSchema = z.union([
  z
    .strictObject({
      objects: z.int().min(0).describe('how many objects the area has, as far as known'),
      order: z
        .string()
        .optional()
        .describe('name of this order: a second attempt at it goes on with the run of the first'),
    })
    .describe('begins'),
  z.strictObject({ run, ended: phase }).describe('goes on'),
  z
    .strictObject({ run, failed: phase, why: z.string().describe('what Step Functions says') })
    .describe('ends the run, of which an item failed'),
]);
export type ShardsOrder = z.output<typeof shardsOrderSchema>;

/** Event of `undo`. */
export const undoOrderSchema = z.union([
  z
    .strictObject({
      run: z
        .string()
        .regex(/^[\w-]+$/)
        .describe('name of the run to undo'),
      by,
    })
    .describe('takes back what a run did'),
  z
    .strictObject({
      heal: z
        .array(
          z.strictObject({
            file: z
              .string()
              .regex(/^guard\/[\w.-]+$/)
              .describe('in the ledger'),
            sha256: z.string(),
          }),
        )
        .describe('list of lost live objects, as `guard` has left it'),
      by,
    })
    .describe('brings live objects back that others have deleted'),
]);
export type UndoOrder = z.output<typeof undoOrderSchema>;

/** Event of `states`. */
export const statesOrderSchema = z.strictObject({
  ask: z
    .enum(['states', 'verify'])
    .optional()
    .describe('what somebody wants to know; without it all jobs are looked at, and `StateBytes` is published'),
  job: z.string().min(1).optional().describe('only this job: its label, its id, or the first digits of its id'),
  by,
});
export type StatesOrder = z.output<typeof statesOrderSchema>;

/** Event of `lifecycle-rules`. */
export const rulesOrderSchema = z.strictObject({
  write: z.boolean().optional().describe('whether to write rules. Default: lifecycle.manage of steward.json'),
  restore: z.boolean().optional().describe("whether to add the steward's own rules again that somebody has removed"),
  by,
});
export type RulesOrder = z.output<typeof rulesOrderSchema>;
