import { lambdaHandler } from '#functions/shared/lambda.ts';
import { collectHandler } from './handler.ts';

export const handler = lambdaHandler('collect', collectHandler);
