import type { Billing } from '#operations/cost.ts';
import type { OpenedArea } from './open-area.ts';

/** How the stores of an area bill, with what was asked of them so far. */
export async function billedPlaces(locations: OpenedArea['locations']): Promise<Billing['places']> {
  return await Promise.all(
    locations.map(async ({ area, store }) => ({
      isBucket: area.store.startsWith('s3://'),
      usage: (await store.usage?.()) ?? null,
    })),
  );
}
