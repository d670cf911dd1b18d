import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import { type ShardsOrder, shardsOrderSchema } from '#functions/shared/function-requests.ts';
import { leaseHeldSchema, unlessLeaseHeld } from '#functions/shared/lease-held.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { runAnswerSchema } from '#functions/shared/run-answer-schema.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { objectsOfShard } from '#functions/shared/shard-size.ts';
import type { ShardStep } from '#steward/in-shards.ts';
import type { LedgeredSteward } from '#steward/steward.ts';

/**
 * Says what is next in a collection in shards: which phase, and where the list of its items is. It does none of them, and
 * has no permission to delete. It takes the lease of the run and gives it back.
 */

export const eventSchema = shardsOrderSchema;
const phaseSchema = z
  .object({
    run: z.string().describe('name of the run'),
    phase: z.string().describe('the phase that is next'),
    items: z
      .object({ bucket: z.string(), key: z.string() })
      .describe('a JSON list of its items, each of which is an event of "shard" or "sweep" with run and phase'),
    atOnce: z.number().describe('how many items run at once'),
    deletes: z.boolean().describe('whether the items are for "sweep"'),
  })
  .describe('Until the run has ended');
const endedSchema = runAnswerSchema.extend({ plan: z.null(), next: z.null() }).describe('At the end of the run');
export const answerSchema = z.union([phaseSchema, endedSchema, leaseHeldSchema]);

/** @throws BadEventError, DeploymentError, DeadlineError, LedgerError, StoreError */
export async function shardsHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const order = parseEvent('shards', eventSchema, event);
  return await withDeadline('shards', runtime, LONG_MARGINS, async ({ hard }) => {
    const steward = await openDeployedSteward(runtime, hard);
    const step = await unlessLeaseHeld(runtime, () => stepAfter(order, steward, runtime));
    if ('result' in step) return step;
    if (step.kind === 'ended') {
      const { recordAnswer } = await import('#functions/shared/run-answer.ts');
      return {
        ...recordAnswer(step.record, { findings: [], notes: steward.notes.all }, runtime),
        plan: null,
        next: null,
      };
    }
    const { run, phase, items: key, atOnce, deletes } = step;
    const bucket = new URL(requireEnv(runtime.environment, ENV.ledger)).hostname;
    runtime.log('info', `Run ${run} goes on with its phase "${phase}".`);
    return { run, phase, items: { bucket, key }, atOnce, deletes };
  });
}

async function stepAfter(order: ShardsOrder, steward: LedgeredSteward, runtime: Runtime): Promise<ShardStep> {
  const { beginInShards, endPhase, failPhase } = await import('#steward/in-shards.ts');
  if ('objects' in order) {
    return await beginInShards(steward, { ...order, ofShard: objectsOfShard(runtime.environment) });
  }
  return 'ended' in order
    ? await endPhase(steward, order.run, order.ended)
    : await failPhase(steward, order.run, order.failed, order.why);
}
