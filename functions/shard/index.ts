import { lambdaHandler } from '#functions/shared/lambda.ts';
import { shardHandler } from './handler.ts';

export const handler = lambdaHandler('shard', shardHandler);
