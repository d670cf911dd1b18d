import { lambdaHandler } from '#functions/shared/lambda.ts';
import { manualHandler } from './handler.ts';

export const handler = lambdaHandler('manual', manualHandler);
