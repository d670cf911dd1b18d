import * as z from 'zod';
import { guardOf } from '#config/guard.ts';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { type SweepOrder, sweepOrderSchema } from '#functions/shared/function-requests.ts';
import { leaseHeldSchema, unlessLeaseHeld } from '#functions/shared/lease-held.ts';
import { manualCommand } from '#functions/shared/manual-command.ts';
import { openToRun } from '#functions/shared/over-area.ts';
import { runAnswerSchema } from '#functions/shared/run-answer-schema.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { scheduleEventSchema } from '#functions/shared/schedule-event.ts';
import { scopeSlice } from '#functions/shared/scope-slice.ts';
import type { RunOrder } from '#steward/run.ts';

/**
 * Judges the area, and writes a plan into the ledger. It has no permission to delete, and starts nothing: in mode "collect"
 * its answer holds the order with which the state machine of the collection goes on.
 */

export const eventSchema = scheduleEventSchema;
const plannedSchema = runAnswerSchema
  .extend({
    plan: z.string().nullable().describe('id of the plan in the ledger; null if nothing is to be deleted'),
    toRetire: z.number().describe('number of checkpoints and savepoints that the policy would retire'),
    sweep: sweepOrderSchema
      .nullable()
      .describe('the order of sweep that executes the plan in mode "collect"; null if nothing is to be executed'),
    next: z.string().nullable().describe('the command that executes the plan in mode "observe"'),
  })
  .describe('If no other run is under way');
export const answerSchema = z.union([plannedSchema, leaseHeldSchema]);

/** @throws BadEventError, DeploymentError, DeadlineError, and as runOverArea */
export async function collectHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  parseEvent('collect', eventSchema, event);
  return await withDeadline('collect', runtime, LONG_MARGINS, async (deadline) => {
    const { steward, runSteward, runAnswer } = await openToRun(runtime);
    const scope = scopeSlice(runtime, 'first', 0.25);
    const guarded = guardOf(steward.config).mode !== 'off';
    const sweep = async () => () => true;
    const order: RunOrder = { command: 'collect', retires: true, sweep, scope, acts: true, guarded };
    const report = await unlessLeaseHeld(runtime, () => runSteward(steward, order, deadline));
    if ('result' in report) return report;
    const answer = runAnswer(report, steward, runtime);
    const toRetire = report.decisions.filter(({ action }) => action === 'retire').length;
    const hasWork = report.record.result === 'observed' && toRetire + answer.deletable.objects > 0;
    if (!hasWork) {
      return { ...answer, plan: null, toRetire, sweep: null, next: null };
    }
    const { leavePlan } = await import('#steward/plans.ts');
    const locations = steward.places.map((bucket) => ({ bucket }));
    const plan = await leavePlan(steward, report, locations, () => true);
    const next: SweepOrder = { order: 'collect', plan: plan.id, by: `collect ${answer.run}` };
    return steward.config.mode === 'collect'
      ? { ...answer, plan: plan.id, toRetire, sweep: next, next: null }
      : { ...answer, plan: plan.id, toRetire, sweep: null, next: nextOf(plan.id, runtime) };
  });
}

function nextOf(plan: string, runtime: Runtime): string {
  return manualCommand(runtime, { action: 'apply', plan, execute: true });
}
