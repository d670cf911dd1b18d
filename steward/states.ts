import { DEFAULT_MOST_REQUESTS } from '#config/schema.ts';
import { PRICE_TABLE, pricesOfRegion, requestCost } from '#core/cost/prices.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { GROUPS } from '#operations/report/audit.ts';
import { type Billing, costsOf } from '#operations/report/cost.ts';
import { lookAtStates, type StatesInput, type StatesPlan } from '#operations/states/look-at-states.ts';
import { rememberStates } from '#operations/states/remember-states.ts';
import { type StatesReport, statesReport } from '#operations/states/states-report.ts';
import type { StatePrices } from '#operations/states/view-state.ts';
import { StoreError } from '#ports/object-store.ts';
import { billingOf } from './billing.ts';
import { jobsNamed } from './job-names.ts';
import type { Look } from './look.ts';
import { againInput } from './operators.ts';
import type { Steward } from './steward.ts';

export type { JobStatesView, StatesReport } from '#operations/states/states-report.ts';
export type { StateView } from '#operations/states/view-state.ts';

/** What a look at states will read, and what that costs; null where no price is known. */
export interface PricedPlan extends StatesPlan {
  readonly cost: number | null;
  readonly currency: string | null;
}

export interface StatesOptions {
  /** Only this job: see `jobsNamed`; null for all jobs. */
  readonly job: string | null;
  /** Told before the first state file is read. */
  readonly onPlanned?: (plan: PricedPlan) => void;
  readonly onRead?: (files: number, all: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The states of the jobs of a surveyed area. Files that were read before are not read again: what was read is remembered
 * in the ledger, where there is one.
 *
 * @throws RefusedError if there is no such job, or the ids of several begin so; StoreError
 */
export async function statesOf(
  steward: Steward,
  looked: Pick<Look, 'survey' | 'totals' | 'ledger'>,
  options: StatesOptions,
): Promise<StatesReport> {
  const { survey, ledger } = looked;
  const { input, prices } = await stateFilesInput(steward, looked, options);
  const look = await lookAtStates(input);
  const report = statesReport(look, {
    viewed: survey,
    area: survey.area.locations.map(({ name }) => name),
    prices,
  });
  if (ledger !== null) await noteForgotten(steward, () => rememberStates(ledger, look.jobs));
  return report;
}

/** What it takes to read the state files of some jobs, and what a read costs. @throws RefusedError, StoreError */
export async function stateFilesInput(
  steward: Steward,
  looked: Pick<Look, 'survey' | 'totals' | 'ledger'>,
  { job, onPlanned, onRead, signal }: StatesOptions,
): Promise<{ readonly input: StatesInput; readonly prices: StatePrices | null }> {
  const { config, locations } = steward;
  const { survey, totals, ledger } = looked;
  noteForgetful(steward, ledger);
  const all = jobsOf(survey, totals, config.labels).filter(({ roots }) => roots.length > 0);
  const prices = pricesIn(await billingOf(config, locations), totals);
  const currency = prices?.currency ?? null;
  const input: StatesInput = {
    survey,
    again: await againInput(steward, looked, signal),
    jobs: job === null ? all : jobsNamed(all, job),
    ledger,
    most: config.states?.maxRequests ?? DEFAULT_MOST_REQUESTS,
    onPlanned: (plan) => onPlanned?.({ ...plan, cost: costOfReads(plan.requests - plan.left, prices), currency }),
    ...(onRead === undefined ? {} : { onRead }),
  };
  return { input, prices };
}

/** A file is read once in its life only where a ledger remembers it. */
function noteForgetful({ ledger: asked, notes }: Pick<Steward, 'ledger' | 'notes'>, ledger: Look['ledger']): void {
  if (ledger !== null) return;
  notes.add(
    asked === null
      ? 'There is no ledger, so what is read of state files is not remembered: the next look reads it again, and growth stays unknown. Give one with --ledger.'
      : `The ledger ${asked.name} does not exist yet, so what is read of state files is not remembered: the next look reads it again, and growth stays unknown. The command "plan" creates it, with the same locations and the same --ledger.`,
  );
}

/** What so many reads of state files cost; null where no price is known, or none is to be paid. */
export function costOfReads(reads: number, prices: StatePrices | null): number | null {
  return prices === null || !prices.billsReads ? null : requestCost({ list: 0, get: reads }, prices);
}

/** A look is good without being remembered: the next one reads again. */
export async function noteForgotten({ notes }: Pick<Steward, 'notes'>, remember: () => Promise<void>): Promise<void> {
  try {
    await remember();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    notes.add(
      `What was read of state files could not be remembered in the ledger, so the next look reads it again: ${error.message}`,
    );
  }
}

/** The prices by which state and requests are billed; null where none are known. */
function pricesIn(billing: Billing, totals: Look['totals']): StatePrices | null {
  const perByte = costsOf(totals, GROUPS, billing).monthly.perByte();
  if (perByte === null) return null;
  const own = billing.prices;
  const region = billing.places.find(({ isBucket }) => isBucket)?.usage?.region ?? null;
  const { listPer1000, getPer1000 } = own ?? pricesOfRegion(region);
  // A directory is read for nothing, though it may stand for a bucket.
  const billsReads = billing.places.some(({ usage }) => usage !== null);
  return { currency: own?.currency ?? PRICE_TABLE.currency, perByte, listPer1000, getPer1000, billsReads };
}
