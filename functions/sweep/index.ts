import { lambdaHandler } from '#functions/shared/lambda.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { sweepHandler } from './handler.ts';
import { isShardItem, sweepItemHandler } from './shard-item.ts';

export const handler = lambdaHandler('sweep', async (event: unknown, runtime: Runtime) =>
  isShardItem(event) ? await sweepItemHandler(event, runtime) : await sweepHandler(event, runtime),
);
