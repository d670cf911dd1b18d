import { lambdaHandler } from '#functions/shared/lambda.ts';
import { collectUnlessOutgrown } from './outgrown.ts';

export const handler = lambdaHandler('collect', collectUnlessOutgrown);
