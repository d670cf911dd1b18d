import { lambdaHandler } from '#functions/shared/lambda.ts';
import { shardsHandler } from './handler.ts';

export const handler = lambdaHandler('shards', shardsHandler);
