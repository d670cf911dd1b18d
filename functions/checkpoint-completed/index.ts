import { lambdaHandler } from '#functions/shared/lambda.ts';
import { checkpointCompletedHandler } from './handler.ts';

export const handler = lambdaHandler('checkpoint-completed', checkpointCompletedHandler);
