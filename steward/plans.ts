import { areaIdentity } from '#core/collect/breakers.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { admitPlan, type PlanHead, type PlanOrigin } from '#operations/plan/plan-file.ts';
import { plannedObjects, refuseSpent, spendPlan } from '#operations/plan/planned-objects.ts';
import { openStoredPlan, type StoredPlan, storePlan } from '#operations/plan/stored-plan.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { RunOrder } from './run.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

/** Plans: how a run becomes one, and under which conditions one is executed. */

export { PlanError, type PlanHead, type PlanOrigin, planLines, readPlanHead } from '#operations/plan/plan-file.ts';
export type { StoredPlan } from '#operations/plan/stored-plan.ts';

/** Where a plan that a run made comes from. @param locations as they were opened. */
export async function originOf(
  { ledger }: LedgeredSteward,
  { record }: Pick<RunReport, 'record'>,
  locations: PlanOrigin['locations'],
): Promise<PlanOrigin> {
  return {
    id: record.run,
    ledger: (await openLedger(ledger))?.id ?? null,
    ledgerPlace: ledger.name,
    locations,
    lookAhead: false,
  };
}

/**
 * Leaves the plan of a run in the ledger, under the run's name.
 *
 * @param chosen which of the objects that may be deleted the plan names.
 */
export async function leavePlan(
  steward: LedgeredSteward,
  report: RunReport,
  locations: PlanOrigin['locations'],
  chosen: (object: number) => boolean,
): Promise<{ readonly id: string; readonly objects: number }> {
  const { survey, verdicts } = report;
  const origin = await originOf(steward, report, locations);
  return { id: origin.id, objects: await storePlan(steward.ledger, { survey, verdicts, origin, chosen }) };
}

/** A plan in the ledger that may be executed now. @throws PlanError */
export async function admittedPlan(steward: LedgeredSteward, id: string): Promise<StoredPlan> {
  const plan = await openStoredPlan(steward.ledger, id);
  await admit(steward, plan.head, sourceOf(id));
  return plan;
}

/** As {@link admittedPlan}, of a plan that has not been executed. @throws PlanError */
export async function unspentPlan(steward: LedgeredSteward, id: string): Promise<StoredPlan> {
  const plan = await admittedPlan(steward, id);
  await refuseSpent(steward.ledger, id, sourceOf(id));
  return plan;
}

/** @param source how people know the plan, for messages. @throws PlanError where the plan may not be executed now. */
export async function admit(steward: LedgeredSteward, head: PlanHead, source: string): Promise<void> {
  const ledger = (await openLedger(steward.ledger))?.id ?? '';
  admitPlan(head, source, { area: areaIdentity(areaOf(steward)), ledger, now: steward.input.clock() });
}

/** @throws PlanError where the plan has been executed before. */
export async function refuseSpentPlan({ ledger }: LedgeredSteward, { id }: PlanHead, source: string): Promise<void> {
  await refuseSpent(ledger, id, source);
}

/** A plan, however it is kept. */
export interface PlanToExecute {
  readonly head: Pick<PlanHead, 'id'>;
  /** Its lines without the head. */
  entries(): AsyncIterable<string>;
}

/**
 * What a run takes to execute a plan: the objects to delete, and that the plan is used once.
 *
 * @param part see {@link spendPlan}.
 */
export function executionOf(
  { ledger, clock }: LedgeredSteward,
  { head, entries }: PlanToExecute,
  source: string,
  part?: number,
): Required<Pick<RunOrder, 'sweep' | 'beforeActing'>> {
  return {
    sweep: (survey) => plannedObjects(entries(), survey, source),
    beforeActing: () => spendPlan(ledger, { id: head.id, source, now: clock(), part }),
  };
}

/** How people know a plan that is kept in the ledger. */
export function sourceOf(id: string): string {
  return `Plan ${id}`;
}

/** Where in the ledger a plan is kept, for people. */
export function placeOfPlan({ ledger }: LedgeredSteward, id: string): string {
  return `${ledger.name}/plans/${id}/plan.json`;
}
