import type * as z from 'zod';
import { openHands } from '#adapters/open-hands.ts';
import { Area } from '#core/area/area.ts';
import { areaIdentity } from '#core/collect/breakers.ts';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import type { Host } from '#functions/shared/host.ts';
import { openSteward, type Steward } from '#functions/shared/open-steward.ts';
import { type SweepOrder, sweepOrderSchema } from '#functions/shared/orders.ts';
import { runAnswer, runAnswerSchema } from '#functions/shared/run-answer.ts';
import { type RunOrder, runSteward } from '#functions/shared/run-steward.ts';
import { waitForLease } from '#functions/shared/wait-for-lease.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { admitPlan } from '#operations/plan-file.ts';
import { plannedObjects, spendPlan } from '#operations/planned-objects.ts';
import { openStoredPlan } from '#operations/stored-plan.ts';

/**
 * The one function with the right to delete. It looks at the area anew, and deletes what a plan names, what is garbage
 * still, and what has not changed since; or it retires by policy.
 */

export const eventSchema = sweepOrderSchema;
export const answerSchema = runAnswerSchema;

/** @throws BadEventError, PlanError, DeploymentError, DeadlineError, and as runOverArea */
export async function sweepHandler(event: unknown, host: Host): Promise<z.output<typeof answerSchema>> {
  const order = parseEvent('sweep', eventSchema, event);
  return await withDeadline(host, LONG_MARGINS, async (deadline) => {
    const steward = await openSteward(host);
    const hands = await Promise.all(steward.locations.map(({ reach }) => openHands(reach)));
    const run = { ...(await runOf(order, steward, host)), hands, accept: order.accept ?? [] };
    const report = await waitForLease(host, () => runSteward(steward, run, host, deadline));
    return runAnswer(report, steward, host);
  });
}

async function runOf(order: SweepOrder, steward: Steward, host: Host): Promise<RunOrder> {
  if (order.order === 'retire') {
    return { command: 'retire', retires: true, sweep: null };
  }
  const { ledger } = steward;
  const source = `Plan ${order.plan}`;
  const plan = await openStoredPlan(ledger, order.plan);
  const area = areaIdentity(new Area(steward.locations.map((location) => location.area)));
  admitPlan(plan.head, source, { area, ledger: (await openLedger(ledger))?.id ?? '', now: host.clock() });
  return {
    command: order.order,
    retires: order.order === 'collect',
    sweep: (survey) => plannedObjects(plan.entries(), survey, source),
    beforeActing: () => spendPlan(ledger, order.plan, source, host.clock()),
  };
}
