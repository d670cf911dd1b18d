import type { StewardConfig } from '#config/steward-config.ts';
import type { Billing } from '#operations/report/cost.ts';
import type { OpenedArea } from './open-area.ts';

/** The prices of an area, and how its stores bill, with the requests that were sent to them so far. */
export async function billingOf(
  { prices }: Pick<StewardConfig, 'prices'>,
  locations: OpenedArea['locations'],
): Promise<Billing> {
  const places = await Promise.all(
    locations.map(async ({ area, store }) => ({
      isBucket: area.store.startsWith('s3://'),
      usage: (await store.usage?.()) ?? null,
    })),
  );
  return { prices: prices ?? null, places };
}
