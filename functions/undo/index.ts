import { lambdaHandler } from '#functions/shared/lambda.ts';
import { undoHandler } from './handler.ts';

export const handler = lambdaHandler('undo', undoHandler);
