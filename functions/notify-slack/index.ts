import { lambdaHandler } from '#functions/shared/lambda.ts';
import { notifySlackHandler } from './handler.ts';

export const handler = lambdaHandler('notify-slack', notifySlackHandler);
