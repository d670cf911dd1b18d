import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { shardItemSchema } from '#functions/shared/function-requests.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { openAccess } from '#steward/open-access.ts';

/** Whether an event is an item of a collection in shards. Only the state machine sends such a one. */
export function isShardItem(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'item' in event;
}

/**
 * Deletes the garbage of one shard, or marks the area before that. It does so only while the mode is "collect": a collection
 * that began before a deployment goes on after it.
 *
 * @throws BadEventError, DeploymentError, DeadlineError, LedgerError, LostPartError, StoreError
 */
export async function sweepItemHandler(event: unknown, runtime: Runtime): Promise<{ readonly item: string }> {
  const item = parseEvent('sweep', shardItemSchema, event);
  return await withDeadline('sweep', runtime, LONG_MARGINS, async (deadline) => {
    const [steward, { runShardItem }] = await Promise.all([
      openDeployedSteward(runtime),
      import('#steward/shard-item.ts'),
    ]);
    const locations = steward.config.mode === 'collect' ? steward.locations : [];
    const access = await Promise.all(locations.map(({ reach }) => openAccess(reach)));
    await runShardItem(steward, item, { access }, deadline);
    return { item: item.item };
  });
}
