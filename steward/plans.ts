import { areaIdentity } from '#core/collect/breakers.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { admitPlan, type PlanHead, type PlanOrigin } from '#operations/plan/plan-file.ts';
import { plannedObjects, refuseSpent, spendPlan } from '#operations/plan/planned-objects.ts';
import { openStoredPlan, type StoredPlan, storePlan } from '#operations/plan/stored-plan.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { RunOrder } from './run.ts';
import { areaOf, type LedgeredSteward } from './steward.ts';

/** Plans: how a plan is made from a run, and under which conditions it may be executed. */

export { PlanError, type PlanHead, type PlanOrigin, planLines, readPlanHead } from '#operations/plan/plan-file.ts';
export type { StoredPlan } from '#operations/plan/stored-plan.ts';

/** The origin of a plan that a run made. @param locations as they were opened. */
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
 * Writes the plan of a run into the ledger, under the name of the run.
 *
 * @param chosen selects the objects of the plan from those that may be deleted.
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

/** Opens a plan in the ledger. @throws PlanError if it may not be executed now. */
export async function admittedPlan(steward: LedgeredSteward, id: string): Promise<StoredPlan> {
  const plan = await openStoredPlan(steward.ledger, id);
  await admit(steward, plan.head, sourceOf(id));
  return plan;
}

/** As {@link admittedPlan}. @throws PlanError also if the plan was executed before. */
export async function unspentPlan(steward: LedgeredSteward, id: string): Promise<StoredPlan> {
  const plan = await admittedPlan(steward, id);
  await refuseSpent(steward.ledger, id, sourceOf(id));
  return plan;
}

/** @param source the plan in messages. @throws PlanError if the plan may not be executed now. */
export async function admit(steward: LedgeredSteward, head: PlanHead, source: string): Promise<void> {
  const ledger = (await openLedger(steward.ledger))?.id ?? '';
  admitPlan(head, source, { area: areaIdentity(areaOf(steward)), ledger, now: steward.input.clock() });
}

/** @throws PlanError if the plan was executed before. */
export async function refuseSpentPlan({ ledger }: LedgeredSteward, { id }: PlanHead, source: string): Promise<void> {
  await refuseSpent(ledger, id, source);
}

/** A plan from a file or from the ledger. */
export interface PlanToExecute {
  readonly head: Pick<PlanHead, 'id'>;
  /** Its lines without the head. */
  entries(): AsyncIterable<string>;
}

/**
 * The parts of a run order that execute a plan: the objects to delete, and the check that the plan is executed once.
 *
 * @param part see {@link spendPlan}.
 */
export function executionOf(
  { ledger, clock }: LedgeredSteward,
  { head, entries }: PlanToExecute,
  source: string,
  part?: number,
): Required<Pick<RunOrder, 'plan' | 'sweep' | 'beforeActing'>> {
  return {
    plan: head.id,
    sweep: (survey) => plannedObjects(entries(), survey, source),
    beforeActing: () => spendPlan(ledger, { id: head.id, source, now: clock(), part }),
  };
}

/** The name in messages of a plan that is in the ledger. */
export function sourceOf(id: string): string {
  return `Plan ${id}`;
}

/** The path of a plan in the ledger, for messages. */
export function placeOfPlan({ ledger }: LedgeredSteward, id: string): string {
  return `${ledger.name}/plans/${id}/plan.json`;
}
