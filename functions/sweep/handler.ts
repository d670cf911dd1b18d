import * as z from 'zod';
import type { Amount } from '#core/collect/totals.ts';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { fewOf } from '#functions/shared/few-of.ts';
import { type SweepOrder, saidIn, sweepOrderSchema } from '#functions/shared/function-requests.ts';
import { leaseHeldSchema, unlessLeaseHeld } from '#functions/shared/lease-held.ts';
import type { DeployedSteward } from '#functions/shared/open-steward.ts';
import { openToRun } from '#functions/shared/over-area.ts';
import { runAnswerSchema } from '#functions/shared/run-answer-schema.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { scopeSlice } from '#functions/shared/scope-slice.ts';
import { metricSinkOf } from '#steward/metrics/metric-sink.ts';
import { openAccess } from '#steward/open-access.ts';
import { openProbe } from '#steward/open-probe.ts';
import type { RunOrder } from '#steward/run.ts';

/**
 * The only function with the permission to delete. It surveys the area again and deletes the objects of a plan that are
 * still garbage and have not changed; or it retires by policy. Only the state machine of the collection may start it.
 */

export const eventSchema = sweepOrderSchema;
const sweptSchema = runAnswerSchema
  .extend({
    unfinished: z.boolean().describe('whether time ran out before the whole plan was executed'),
    nextPart: z
      .number()
      .nullable()
      .describe('the "part" with which the same order continues the plan; null if another part would not help'),
  })
  .describe('If no other run is under way');
export const answerSchema = z.union([sweptSchema, leaseHeldSchema]);

/** @throws BadEventError, PlanError, DeploymentError, DeadlineError, and as runOverArea */
export async function sweepHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const order = parseEvent('sweep', eventSchema, event);
  return await withDeadline('sweep', runtime, LONG_MARGINS, async (deadline) => {
    const { steward, runSteward, runAnswer } = await openToRun(runtime);
    const withheld = withheldBy(order, steward);
    const locations = withheld === null ? steward.locations : [];
    const access = await Promise.all(locations.map(({ reach }) => openAccess(reach)));
    const probes = await Promise.all(locations.map(openProbe));
    const scope = scopeSlice(runtime, 'first', 0.5);
    const run = { ...(await runOf(order, steward)), access, probes, accept: order.accept ?? [], scope };
    const report = await unlessLeaseHeld(runtime, () => runSteward(steward, run, deadline));
    if ('result' in report) return report;
    const answer = runAnswer(report, steward, runtime);
    const { restOf } = await import('./next-part.ts');
    const { unfinished, nextPart, note } = restOf(order, report);
    if (note !== null) runtime.log(nextPart === null ? 'warn' : 'info', note);
    await publishSwept(answer.deleted, runtime);
    const why = answer.why ?? withheld;
    return { ...answer, why, notes: fewOf([...(note === null ? [] : [note]), ...answer.notes]), unfinished, nextPart };
  });
}

/**
 * Why an order is not executed, but only looked at. A collection that began before a deployment goes on after it, for half a
 * day where it has many parts; and in the mode "observe" nothing is deleted that no person has asked for.
 */
function withheldBy(order: SweepOrder, { config }: DeployedSteward): string | null {
  return order.order === 'collect' && config.mode === 'observe'
    ? `The mode is "observe" by now, so plan ${order.plan} is not executed any further. A person may still execute a plan: {"action":"plan"}, then "apply".`
    : null;
}

/** Publishes what was deleted. If that fails, the sweep has still succeeded. */
async function publishSwept({ objects, bytes }: Amount, runtime: Runtime): Promise<void> {
  if (objects === 0) return;
  const at = runtime.clock();
  try {
    await metricSinkOf(runtime).publish([
      { name: 'SweptObjects', value: objects, job: null, at },
      { name: 'SweptBytes', value: bytes, job: null, at },
    ]);
  } catch (error) {
    runtime.log('error', error instanceof Error ? error.message : String(error));
  }
}

async function runOf(order: SweepOrder, steward: DeployedSteward): Promise<RunOrder> {
  if (order.order === 'retire') {
    return { command: 'retire', retires: true, said: saidIn(order) ?? null, sweep: null };
  }
  const { admittedPlan, executionOf, sourceOf } = await import('#steward/plans.ts');
  const plan = await admittedPlan(steward, order.plan);
  return {
    command: order.order,
    retires: order.order === 'collect',
    ...executionOf(steward, plan, sourceOf(order.plan), order.part),
  };
}
