import { lambdaHandler } from '#functions/shared/lambda.ts';
import { sweepHandler } from './handler.ts';

export const handler = lambdaHandler('sweep', sweepHandler);
