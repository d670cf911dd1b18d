import { type BreakEven, breakEvenOf } from '#core/bill/break-even.ts';
import type { Published } from '#core/bill/monthly-bill.ts';
import type { Totals } from '#core/collect/totals.ts';
import { type CostGroups, type CostOfClass, type MonthlyCost, MonthlyCosts } from '#core/cost/monthly-costs.ts';
import { type PlacePrices, PRICE_TABLE, type Prices, pricesOfRegion, requestCost } from '#core/cost/prices.ts';
import type { Job } from '#core/jobs/jobs.ts';
import type { StoreUsage } from '#ports/object-store.ts';
import type { UnlistedCost } from './unlisted-cost.ts';

/** What an area costs a month, and what it cost to look at it. */

/** Prices that the operator states, in place of those of AWS. */
export interface OwnPrices {
  readonly storagePerGiBMonth: number;
  readonly listPer1000: number;
  readonly getPer1000: number;
  readonly currency: string;
}

/** One location of the area as its store bills it. */
export interface BilledPlace {
  /** Whether it is an S3 bucket, or a directory that is a copy or mount of one. */
  readonly isBucket: boolean;
  /** Null where the store bills no requests. */
  readonly usage: StoreUsage | null;
}

/** What is billed for an area, and at which prices. */
export interface Billing {
  /** Null for AWS's own. */
  readonly prices: OwnPrices | null;
  /** By location. */
  readonly places: readonly BilledPlace[];
}

/** What the objects cost. Amounts are in units of the currency, to six digits. */
export interface ListedCost {
  /** ISO 4217. */
  readonly currency: string;
  /** Year and month of AWS's list prices, or `steward.json`. */
  readonly pricesOf: string;
  /** Whose list prices were taken; empty where `steward.json` states prices. */
  readonly regions: readonly string[];
  /** Whether the region of a location is not known or not in the table, so that another one's prices stand in. */
  readonly regionAssumed: boolean;
  /** Of the objects. */
  readonly perMonth: MonthlyCost;
  /** The same, by storage class; S3 Standard first. Prices of `steward.json` hold for all of them, as one. */
  readonly storageClasses: readonly CostOfClass[];
  /** Of the listing and of the reading of roots, retries included. */
  readonly survey: { readonly listRequests: number; readonly getRequests: number; readonly cost: number };
}

/** All that an area costs. */
export interface CostReport extends ListedCost {
  /** What a listing of objects does not show. */
  readonly unlisted: UnlistedCost;
  /** `perMonth.total`, and with it noncurrent versions and incomplete uploads, as far as they are known. */
  readonly wholePerMonth: number;
  /** What a deployment for the running jobs would cost; null where that is not known in this currency. */
  readonly stack: BreakEven | null;
}

/** What an area and each of its jobs cost in a month. */
export interface Costs {
  /** Null where the area holds nothing that a price is known of. */
  readonly area: ListedCost | null;
  ofJob(job: Job): MonthlyCost | null;
  /** Not rounded. */
  readonly monthly: MonthlyCosts;
}

const OWN = 'steward.json';

/** Computes the monthly costs of an area. @param groups how verdicts are summed up. */
export function costsOf(totals: Totals, groups: CostGroups, { prices, places }: Billing): Costs {
  const priced = places.map((place) => pricesOf(place, prices));
  const monthly = new MonthlyCosts(priced, totals, groups);
  const perMonth = monthly.area();
  return {
    monthly,
    area: perMonth === null ? null : report(perMonth, monthly.byClass(), { priced, places, own: prices }),
    ofJob: ({ owners }) => rounded(monthly.of(owners)),
  };
}

/** @param published what a deployment would publish of so many jobs. */
export function wholeCost(
  listed: ListedCost,
  unlisted: UnlistedCost,
  {
    monthly,
    jobs,
    published,
  }: { readonly monthly: MonthlyCosts; readonly jobs: number; readonly published: Published },
): CostReport {
  const { versions, uploads } = unlisted;
  const whole = listed.perMonth.total + (versions?.perMonth ?? 0) + (uploads?.perMonth ?? 0);
  const perByte = monthly.perByte();
  const stack =
    listed.currency === PRICE_TABLE.currency && perByte !== null ? breakEvenOf(jobs, published, perByte) : null;
  const rounds = <Amount extends { readonly perMonth: number }>(amount: Amount | null): Amount | null =>
    amount === null ? null : { ...amount, perMonth: round(amount.perMonth) };
  return {
    ...listed,
    unlisted: { ...unlisted, versions: rounds(versions), uploads: rounds(uploads) },
    wholePerMonth: round(whole),
    stack:
      stack === null
        ? null
        : { ...stack, perMonth: round(stack.perMonth), bytes: stack.bytes === null ? null : Math.round(stack.bytes) },
  };
}

function pricesOf({ isBucket, usage }: BilledPlace, own: OwnPrices | null): PlacePrices | null {
  if (own !== null) {
    return { ...flat(own), of: OWN, assumed: false, billsClasses: false };
  }
  return isBucket ? pricesOfRegion(usage?.region ?? null) : null;
}

function flat({ storagePerGiBMonth, listPer1000, getPer1000 }: OwnPrices): Prices {
  return { storage: [{ upTo: null, perGiBMonth: storagePerGiBMonth }], listPer1000, getPer1000 };
}

interface Priced {
  readonly priced: readonly (PlacePrices | null)[];
  readonly places: readonly BilledPlace[];
  readonly own: OwnPrices | null;
}

function report(perMonth: MonthlyCost, classes: readonly CostOfClass[], { priced, places, own }: Priced): ListedCost {
  const survey = { listRequests: 0, getRequests: 0, cost: 0 };
  for (const [location, { usage }] of places.entries()) {
    const prices = priced[location];
    if (usage !== null && prices) {
      survey.listRequests += usage.listRequests;
      survey.getRequests += usage.getRequests;
      survey.cost += requestCost({ list: usage.listRequests, get: usage.getRequests }, prices);
    }
  }
  const billed = priced.filter((prices) => prices !== null);
  return {
    currency: own?.currency ?? PRICE_TABLE.currency,
    pricesOf: own === null ? PRICE_TABLE.date : OWN,
    regions: own === null ? [...new Set(billed.map(({ of }) => of))] : [],
    regionAssumed: billed.some(({ assumed }) => assumed),
    perMonth: rounded(perMonth),
    storageClasses: classes.map((one) => ({ ...one, perMonth: round(one.perMonth) })),
    survey: { ...survey, cost: round(survey.cost) },
  };
}

function rounded<Cost extends MonthlyCost | null>(cost: Cost): Cost;
function rounded(cost: MonthlyCost | null): MonthlyCost | null {
  return cost === null
    ? null
    : { live: round(cost.live), reclaimable: round(cost.reclaimable), total: round(cost.total) };
}

/** To six digits. */
export function round(amount: number): number {
  return Number(amount.toPrecision(6));
}
