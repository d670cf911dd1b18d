import { lambdaHandler } from '#functions/shared/lambda.ts';
import { statesHandler } from './handler.ts';

export const handler = lambdaHandler('states', statesHandler);
