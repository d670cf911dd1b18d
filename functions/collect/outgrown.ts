import * as z from 'zod';
import { fitsOneFunction } from '#core/look-forecast.ts';
import { LONG_MARGINS } from '#functions/shared/deadline.ts';
import { ENV } from '#functions/shared/environment.ts';
import { type DeployedSteward, openDeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { objectsOfShard } from '#functions/shared/shard-size.ts';
import { collectHandler, type answerSchema as plannedSchema } from './handler.ts';

/** Where Lambda tells a function its memory, in MiB. */
const MEMORY = 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE';

export const inShardsSchema = z
  .object({
    result: z.literal('in-shards').describe('nothing was done: the state machine runs the area in shards'),
    why: z.string().describe('why one function is not enough, as a sentence'),
    shards: z.object({ objects: z.number() }).describe('the order with which `shards` begins'),
  })
  .describe('With `"shards": "auto"` under `deploy`, once the area has outgrown one function');
type InShards = z.output<typeof inShardsSchema>;

/** Collects, unless the area is to be run in shards. @throws as {@link collectHandler} */
export async function collectUnlessOutgrown(
  event: unknown,
  runtime: Runtime,
): Promise<z.output<typeof plannedSchema> | InShards> {
  if (runtime.environment[ENV.inShards] !== undefined) {
    const outgrown = await hasOutgrown(await openDeployedSteward(runtime), runtime);
    if (outgrown !== null) {
      runtime.log('info', outgrown.why);
      return outgrown;
    }
  }
  return await collectHandler(event, runtime);
}

/** By what the last run listed, or because a look ended by its time-out since. */
async function hasOutgrown(
  { ledger }: DeployedSteward,
  { environment, remaining }: Pick<Runtime, 'environment' | 'remaining'>,
): Promise<InShards | null> {
  const { lastSize } = await import('#steward/in-shards.ts');
  const { objects, endedEarly } = await lastSize(ledger);
  const inShards = (why: string): InShards => ({
    result: 'in-shards',
    why: `The last run listed ${objects.toLocaleString('en-US')} objects, ${why}`,
    shards: { objects },
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
