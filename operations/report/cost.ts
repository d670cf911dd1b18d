import type { Totals } from '#core/collect/totals.ts';
import { type CostGroups, type MonthlyCost, MonthlyCosts } from '#core/cost/monthly-costs.ts';
import { type PlacePrices, PRICE_TABLE, type Prices, pricesOfRegion, requestCost } from '#core/cost/prices.ts';
import type { Job } from '#core/jobs/jobs.ts';
import type { StoreUsage } from '#ports/object-store.ts';

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

/** Amounts are in units of the currency, to six digits. */
export interface CostReport {
  /** ISO 4217. */
  readonly currency: string;
  /** Year and month of AWS's list prices, or `steward.json`. */
  readonly pricesOf: string;
  /** Whose list prices were taken; empty where `steward.json` states prices. */
  readonly regions: readonly string[];
  /** Whether the region of a location is not known or not in the table, so that another one's prices stand in. */
  readonly regionAssumed: boolean;
  readonly perMonth: MonthlyCost;
  /** Of the listing and of the reading of roots, retries included. */
  readonly survey: { readonly listRequests: number; readonly getRequests: number; readonly cost: number };
}

/** What an area and each of its jobs cost in a month. */
export interface Costs {
  /** Null where the area holds nothing that a price is known of. */
  readonly area: CostReport | null;
  ofJob(job: Job): MonthlyCost | null;
}

const OWN = 'steward.json';

/** Computes the monthly costs of an area. @param groups how verdicts are summed up. */
export function costsOf(totals: Totals, groups: CostGroups, { prices, places }: Billing): Costs {
  const priced = places.map((place) => pricesOf(place, prices));
  const monthly = new MonthlyCosts(priced, totals, groups);
  const perMonth = monthly.area();
  return {
    area: perMonth === null ? null : report(perMonth, priced, places, prices),
    ofJob: ({ owners }) => rounded(monthly.of(owners)),
  };
}

function pricesOf({ isBucket, usage }: BilledPlace, own: OwnPrices | null): PlacePrices | null {
  if (own !== null) {
    return { ...flat(own), of: OWN, assumed: false };
  }
  return isBucket ? pricesOfRegion(usage?.region ?? null) : null;
}

function flat({ storagePerGiBMonth, listPer1000, getPer1000 }: OwnPrices): Prices {
  return { storage: [{ upTo: null, perGiBMonth: storagePerGiBMonth }], listPer1000, getPer1000 };
}

function report(
  perMonth: MonthlyCost,
  priced: readonly (PlacePrices | null)[],
  places: readonly BilledPlace[],
  own: OwnPrices | null,
): CostReport {
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
    survey: { ...survey, cost: round(survey.cost) },
  };
}

function rounded<Cost extends MonthlyCost | null>(cost: Cost): Cost;
function rounded(cost: MonthlyCost | null): MonthlyCost | null {
  return cost === null
    ? null
    : { live: round(cost.live), reclaimable: round(cost.reclaimable), total: round(cost.total) };
}

function round(amount: number): number {
  return Number(amount.toPrecision(6));
}
