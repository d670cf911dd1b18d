import { checkpointCompletedHandler as checkpointCompleted } from '#functions/checkpoint-completed/handler.ts';
import { collectHandler as collect } from '#functions/collect/handler.ts';
import { collectUnlessOutgrown as collectOr } from '#functions/collect/outgrown.ts';
import { guardHandler as guard } from '#functions/guard/handler.ts';
import { lifecycleRulesHandler as lifecycleRules } from '#functions/lifecycle-rules/handler.ts';
import { manualHandler as manual } from '#functions/manual/handler.ts';
import { notifySlackHandler as notifySlack } from '#functions/notify-slack/handler.ts';
import { onDeployHandler as onDeploy } from '#functions/on-deploy/handler.ts';
import { shardHandler as shard } from '#functions/shard/handler.ts';
import { shardsHandler as shards } from '#functions/shards/handler.ts';
import type { FunctionName } from '#functions/shared/function-names.ts';
import { statesHandler as states } from '#functions/states/handler.ts';
import { surveyHandler as survey } from '#functions/survey/handler.ts';
import { sweepHandler as sweep } from '#functions/sweep/handler.ts';
import { sweepItemHandler as sweepItem } from '#functions/sweep/shard-item.ts';
import { undoHandler as undo } from '#functions/undo/handler.ts';
import { asFunction } from './acting-function.ts';

/** The handlers, each of which tells who it is while it runs: its calls are held against the role of that function. */

function known<Invocation extends readonly unknown[], Answer>(
  name: FunctionName,
  handler: (...invocation: Invocation) => Promise<Answer>,
): (...invocation: Invocation) => Promise<Answer> {
  return async (...invocation) => await asFunction(name, async () => await handler(...invocation));
}

export const checkpointCompletedHandler = known('checkpoint-completed', checkpointCompleted);
export const collectHandler = known('collect', collect);
export const guardHandler = known('guard', guard);
export const collectUnlessOutgrown = known('collect', collectOr);
export const lifecycleRulesHandler = known('lifecycle-rules', lifecycleRules);
export const manualHandler = known('manual', manual);
export const notifySlackHandler = known('notify-slack', notifySlack);
export const onDeployHandler = known('on-deploy', onDeploy);
export const surveyHandler = known('survey', survey);
export const shardHandler = known('shard', shard);
export const shardsHandler = known('shards', shards);
export const statesHandler = known('states', states);
export const sweepHandler = known('sweep', sweep);
export const sweepItemHandler = known('sweep', sweepItem);
export const undoHandler = known('undo', undo);
