import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { shardItemSchema } from '#functions/shared/function-requests.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { scopeSlice } from '#functions/shared/scope-slice.ts';

/**
 * Does one item of a collection in shards, such as listing or judging a shard. What it needs and what it finds is in files of
 * the ledger. It has no permission to delete.
 */

export const eventSchema = shardItemSchema;
export const answerSchema = z.object({ item: z.string().describe('the item that is done') });

/** @throws BadEventError, DeploymentError, DeadlineError, LedgerError, LostPartError, StoreError, ClockError */
export async function shardHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const item = parseEvent('shard', eventSchema, event);
  return await withDeadline('shard', runtime, LONG_MARGINS, async (deadline) => {
    const [steward, { runShardItem }] = await Promise.all([
      openDeployedSteward(runtime),
      import('#steward/shard-item.ts'),
    ]);
    await runShardItem(steward, item, { access: [], scope: scopeSlice(runtime, 'first', 0.25) }, deadline);
    return { item: item.item };
  });
}
