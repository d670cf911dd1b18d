import { lambdaHandler } from '#functions/shared/lambda.ts';
import { manualHandler } from './handler.ts';
import { startExecution } from './start-execution.ts';

export const handler = lambdaHandler('manual', manualHandler, { startExecution });
