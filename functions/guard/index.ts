import { lambdaHandler } from '#functions/shared/lambda.ts';
import { guardHandler } from './handler.ts';

export const handler = lambdaHandler('guard', guardHandler);
