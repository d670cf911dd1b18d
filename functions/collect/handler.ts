import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import type { SweepOrder } from '#functions/shared/function-requests.ts';
import { manualCommand } from '#functions/shared/manual-command.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { runAnswer, runAnswerSchema } from '#functions/shared/run-answer.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { scheduleEventSchema } from '#functions/shared/schedule-event.ts';
import { scopeSlice } from '#functions/shared/scope-slice.ts';
import { waitForLease } from '#functions/shared/wait-for-lease.ts';
import { leavePlan } from '#steward/plans.ts';
import { type RunOrder, runSteward } from '#steward/run.ts';

/**
 * Judges the area, writes a plan into the ledger, and in mode "collect" starts `sweep`, the only function that may delete.
 * It has no permission to delete.
 */

export const eventSchema = scheduleEventSchema;
export const answerSchema = runAnswerSchema.extend({
  plan: z.string().nullable().describe('id of the plan in the ledger; null if nothing is to be deleted'),
  toRetire: z.number().describe('number of checkpoints and savepoints that the policy would retire'),
  started: z.boolean().describe('whether sweep was started with the plan'),
  next: z.string().nullable().describe('the command that executes the plan, if sweep was not started'),
});

/** @throws BadEventError, DeploymentError, DeadlineError, and as runOverArea */
export async function collectHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  parseEvent('collect', eventSchema, event);
  return await withDeadline(runtime, LONG_MARGINS, async (deadline) => {
    const steward = await openDeployedSteward(runtime);
    const scope = scopeSlice(runtime, 'first', 0.25);
    const order: RunOrder = { command: 'collect', retires: true, sweep: async () => () => true, scope, acts: true };
    const report = await waitForLease(runtime, () => runSteward(steward, order, deadline));
    const answer = runAnswer(report, steward, runtime);
    const toRetire = report.decisions.filter(({ action }) => action === 'retire').length;
    const hasWork = report.record.result === 'observed' && toRetire + answer.deletable.objects > 0;
    if (!hasWork) {
      return { ...answer, plan: null, toRetire, started: false, next: null };
    }
    const locations = steward.places.map((bucket) => ({ bucket }));
    const plan = await leavePlan(steward, report, locations, () => true);
    const sweep: SweepOrder = { order: 'collect', plan: plan.id, by: `collect ${answer.run}` };
    const started = steward.config.mode === 'collect';
    if (started) {
      await runtime.start(requireEnv(runtime.environment, ENV.sweepFunction), sweep);
    }
    const next = started ? null : manualCommand(runtime, { action: 'apply', plan: plan.id, execute: true });
    return { ...answer, plan: plan.id, toRetire, started, next };
  });
}
