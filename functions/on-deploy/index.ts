import { lambdaHandler } from '#functions/shared/lambda.ts';
import { onDeployHandler } from './handler.ts';

export const handler = lambdaHandler('on-deploy', onDeployHandler);
