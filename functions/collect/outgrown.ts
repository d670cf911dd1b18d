import type * as z from 'zod';
import { ENV } from '#functions/shared/environment.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { hasOutgrown, type inShardsSchema } from '#functions/shared/outgrown.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { collectHandler, type answerSchema as plannedSchema } from './handler.ts';

/** Collects, unless the area is to be run in shards. @throws as {@link collectHandler} */
export async function collectUnlessOutgrown(
  event: unknown,
  runtime: Runtime,
): Promise<z.output<typeof plannedSchema> | z.output<typeof inShardsSchema>> {
  if (runtime.environment[ENV.inShards] !== undefined) {
    const outgrown = await hasOutgrown(await openDeployedSteward(runtime), runtime);
    if (outgrown !== null) {
      runtime.log('info', outgrown.why);
      return outgrown;
    }
  }
  return await collectHandler(event, runtime);
}
