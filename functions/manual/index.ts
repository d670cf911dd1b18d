import { lambdaHandler } from '#functions/shared/lambda.ts';
import { askFunction } from '#steward/stack/ask-function.ts';
import { manualHandler } from './handler.ts';
import { startExecution } from './start-execution.ts';

export const handler = lambdaHandler('manual', manualHandler, { startExecution, ask: askFunction });
