import { lambdaHandler } from '#functions/shared/lambda.ts';
import { surveyHandler } from './handler.ts';

export const handler = lambdaHandler('survey', surveyHandler);
