import { openLedger } from '#operations/ledger/ledger.ts';
import { storePlan } from '#operations/plan/stored-plan.ts';
import type { RunReport } from '#operations/run/run.ts';
import type { Steward } from './open-steward.ts';

/** Leaves the plan of a run in the ledger, under the run's name. */
export async function planFor(
  { ledger, places }: Steward,
  { survey, verdicts, record }: RunReport,
  chosen: (object: number) => boolean,
): Promise<{ readonly id: string; readonly objects: number }> {
  const origin = {
    id: record.run,
    ledger: (await openLedger(ledger))?.id ?? null,
    ledgerPlace: ledger.name,
    locations: places.map((bucket) => ({ bucket })),
    lookAhead: false,
  };
  return { id: record.run, objects: await storePlan(ledger, survey, verdicts, origin, chosen) };
}
