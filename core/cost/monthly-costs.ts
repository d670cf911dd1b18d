import type { Owner } from '#core/collect/owners.ts';
import { amountOf, type Tally, type Totals } from '#core/collect/totals.ts';
import type { Verdict } from '#core/collect/verdicts.ts';
import { type PlacePrices, storageCost } from './prices.ts';

/** In the currency of the prices. */
export interface MonthlyCost {
  readonly live: number;
  readonly reclaimable: number;
  /** Of all objects, with any verdict. */
  readonly total: number;
}

/** Which verdicts count as what. */
export interface CostGroups {
  readonly live: readonly Verdict[];
  readonly reclaimable: readonly Verdict[];
}

/**
 * What the objects of an area cost a month. Every byte of a region has the region's average price, over all tiers that
 * the area reaches there, so that the costs of the jobs add up to that of the area.
 *
 * An owner is billed as a whole where it lies first: one that is spread over places with different prices is rare.
 */
export class MonthlyCosts {
  readonly #totals: Totals;
  readonly #groups: CostGroups;
  /** By location; null where no prices hold. */
  readonly #perByte: readonly (number | null)[];

  /** @param places by location; null where no prices are known, so no costs are reported. */
  constructor(places: readonly (PlacePrices | null)[], totals: Totals, groups: CostGroups) {
    this.#totals = totals;
    this.#groups = groups;
    this.#perByte = averagePrices(places, totals);
  }

  area(): MonthlyCost | null {
    return this.of(this.#totals.byOwner.keys());
  }

  /** @returns null where no prices hold for any of them. */
  of(owners: Iterable<Owner>): MonthlyCost | null {
    let cost: MonthlyCost | null = null;
    for (const owner of owners) {
      const tally = this.#totals.byOwner.get(owner);
      const perByte = this.#perByte[owner.location] ?? null;
      if (tally !== undefined && perByte !== null) {
        cost = plus(cost, this.#costOf(tally, perByte));
      }
    }
    return cost;
  }

  #costOf(tally: Tally, perByte: number): MonthlyCost {
    return {
      live: amountOf(tally, this.#groups.live).bytes * perByte,
      reclaimable: amountOf(tally, this.#groups.reclaimable).bytes * perByte,
      total: amountOf(tally).bytes * perByte,
    };
  }
}

function plus(a: MonthlyCost | null, b: MonthlyCost): MonthlyCost {
  return a === null
    ? b
    : { live: a.live + b.live, reclaimable: a.reclaimable + b.reclaimable, total: a.total + b.total };
}

function averagePrices(places: readonly (PlacePrices | null)[], { byOwner }: Totals): readonly (number | null)[] {
  const bytes = new Map<string, number>();
  for (const [owner, tally] of byOwner) {
    const place = places[owner.location];
    if (place) {
      bytes.set(place.of, (bytes.get(place.of) ?? 0) + amountOf(tally).bytes);
    }
  }
  return places.map((place) => {
    const sum = bytes.get(place?.of ?? '') ?? 0;
    return place === null ? null : sum === 0 ? 0 : storageCost(sum, place) / sum;
  });
}
