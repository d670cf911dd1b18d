import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { fitsOneFunction } from '#core/look-forecast.ts';
import { LONG_MARGINS } from './deadline.ts';
import { ENV } from './environment.ts';
import type { DeployedSteward } from './open-steward.ts';
import type { Runtime } from './runtime.ts';
import { objectsOfShard } from './shard-size.ts';

/** Where Lambda tells a function its memory, in MiB. */
const MEMORY = 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE';

export const inShardsSchema = z
  .object({
    result: z.literal('in-shards').describe('nothing was done: the state machine runs the area in shards'),
    why: z.string().describe('why one function is not enough, as a sentence'),
    shards: z
      .object({ objects: z.number(), order: z.string() })
      .describe('the order with which `shards` begins, with its name'),
  })
  .describe('With `"shards": "auto"` under `deploy`, once the area has outgrown one function');
type InShards = z.output<typeof inShardsSchema>;

/**
 * Why an area is to be run in shards: by what the last run listed, or because a look ended by its time-out since. Null where
 * it is not, or the deployment runs none in shards.
 *
 * @throws StoreError, LedgerError
 */
export async function hasOutgrown(
  { ledger }: Pick<DeployedSteward, 'ledger'>,
  { environment, remaining }: Pick<Runtime, 'environment' | 'remaining'>,
): Promise<InShards | null> {
  if (environment[ENV.inShards] === undefined) return null;
  const { lastSize } = await import('#steward/in-shards.ts');
  const { objects, endedEarly } = await lastSize(ledger);
  const inShards = (why: string): InShards => ({
    result: 'in-shards',
    why: `The last run listed ${objects.toLocaleString('en-US')} objects, ${why}`,
    shards: { objects, order: randomUUID() },
  });
  const room = { time: remaining() - LONG_MARGINS.soft, memory: Number(environment[MEMORY]) || null };
  if (!fitsOneFunction(objects, room)) {
    return inShards('which is more than one function can look at in its time and memory.');
  }
  if (endedEarly) return inShards('and a look since then has not ended within the time of a function.');
  return environment[ENV.shardObjects] !== undefined && objects > objectsOfShard(environment)
    ? inShards(`which is more than ${ENV.shardObjects}.`)
    : null;
}
