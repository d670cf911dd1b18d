import { lambdaHandler } from '#functions/shared/lambda.ts';
import { lifecycleRulesHandler } from './handler.ts';

export const handler = lambdaHandler('lifecycle-rules', lifecycleRulesHandler);
