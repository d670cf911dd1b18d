import { pricesOfRegion, requestCost } from '#core/cost/prices.ts';
import { monthlyBill, type Published } from './monthly-bill.ts';
import { ASSUMED } from './monthly-prices.ts';

/** What a deployment costs, and how much garbage costs as much. */
export interface BreakEven {
  /** Running at a time. */
  readonly jobs: number;
  /** US dollars, by the list prices of us-east-1, with schedules as they are by default. */
  readonly perMonth: number;
  /** So much garbage that would lie there all the time costs as much; null where storage costs nothing. */
  readonly bytes: number | null;
}

/** @param perByteMonth what a byte costs a month where the garbage lies, in US dollars. */
export function breakEvenOf(jobs: number, published: Published, perByteMonth: number): BreakEven {
  const perMonth = Object.values(monthlyBill(jobs, published)).reduce((sum, amount) => sum + amount, 0);
  return { jobs, perMonth, bytes: perByteMonth > 0 ? perMonth / perByteMonth : null };
}

/** What the requests of the command cost that looks once a day, in place of a deployment; US dollars a month. */
export function monthlyCostOfCron(jobs: number): number {
  const { objectsPerJob, listsPerThousandObjects, listsPerJob, rootsPerJob, daysPerMonth } = ASSUMED;
  const list = ((jobs * objectsPerJob) / 1_000) * listsPerThousandObjects + jobs * listsPerJob;
  return daysPerMonth * requestCost({ list, get: jobs * rootsPerJob }, pricesOfRegion('us-east-1'));
}
