import type { Owner } from '#core/collect/owners.ts';
import { amountOf, type ClassTallies, type Tally, type Totals } from '#core/collect/totals.ts';
import type { Verdict } from '#core/collect/verdicts.ts';
import {
  type ClassAmount,
  countInClass,
  noneOfClass,
  plusInClass,
  STORAGE_CLASSES,
  type StorageClass,
} from '#core/inventory/storage-class.ts';
import { type PlacePrices, storageCost } from './prices.ts';
import { classCost, type StandardPrices } from './storage-prices.ts';

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

/** What lies in one storage class, and costs so much a month. */
export interface CostOfClass {
  readonly storageClass: StorageClass | 'STANDARD';
  readonly objects: number;
  readonly bytes: number;
  /** Where the class has a least size for billing, more than {@link bytes}. */
  readonly billedBytes: number;
  readonly perMonth: number;
}

/**
 * What the objects of an area cost a month. Every byte in S3 Standard has the region's average price, over all tiers
 * that the area reaches there, so that the costs of the jobs add up to that of the area; what is in another storage
 * class has the price of that. Prices of the operator's own hold for every class.
 *
 * An owner is billed as a whole where it lies first: one that is spread over places with different prices is rare.
 */
export class MonthlyCosts {
  readonly #totals: Totals;
  readonly #groups: CostGroups;
  readonly #places: readonly (PlacePrices | null)[];
  /** By location; null where no prices hold. */
  readonly #standard: readonly (StandardPrices | null)[];

  /** @param places by location; null where no prices are known, so no costs are reported. */
  constructor(places: readonly (PlacePrices | null)[], totals: Totals, groups: CostGroups) {
    this.#totals = totals;
    this.#groups = groups;
    this.#places = places;
    this.#standard = averagePrices(places, totals);
  }

  area(): MonthlyCost | null {
    return this.of(this.#totals.byOwner.keys());
  }

  /** @returns null where no prices hold for any of them. */
  of(owners: Iterable<Owner>): MonthlyCost | null {
    let cost: MonthlyCost | null = null;
    for (const owner of owners) {
      const tally = this.#totals.byOwner.get(owner);
      const standard = this.#standard[owner.location] ?? null;
      if (tally !== undefined && standard !== null) {
        cost = plus(cost, this.#costOf(owner, tally, standard));
      }
    }
    return cost;
  }

  /** A byte in S3 Standard, where the first location with prices is. @returns null where no prices hold. */
  perByte(): number | null {
    return this.#standard.find((standard) => standard !== null)?.perByte ?? null;
  }

  /** So many bytes in S3 Standard. @returns null where no prices hold there. */
  ofBytes(location: number, bytes: number): number | null {
    const standard = this.#standard[location] ?? null;
    return standard === null ? null : bytes * standard.perByte;
  }

  /** Objects of one other storage class. @returns null where no prices hold there. */
  ofClass(location: number, storageClass: StorageClass, amount: Readonly<ClassAmount>): number | null {
    const standard = this.#standard[location] ?? null;
    return standard === null || !this.#hasClasses(location)
      ? this.ofBytes(location, amount.bytes)
      : classCost(storageClass, amount, standard);
  }

  /** One object. @param storageClass null for S3 Standard. @returns null where no prices hold there. */
  ofObject(location: number, storageClass: StorageClass | null, bytes: number): number | null {
    if (storageClass === null) return this.ofBytes(location, bytes);
    const one = noneOfClass();
    countInClass(one, storageClass, bytes);
    return this.ofClass(location, storageClass, one);
  }

  /** S3 Standard first, then the others in the order of {@link STORAGE_CLASSES}; of where prices hold. */
  byClass(): readonly CostOfClass[] {
    const sums = new Map<StorageClass | 'STANDARD', CostOfClass>();
    const add = (storageClass: StorageClass | 'STANDARD', amount: Readonly<ClassAmount>, perMonth: number): void => {
      const known = sums.get(storageClass);
      sums.set(storageClass, {
        storageClass,
        objects: amount.objects + (known?.objects ?? 0),
        bytes: amount.bytes + (known?.bytes ?? 0),
        billedBytes: amount.billed + (known?.billedBytes ?? 0),
        perMonth: perMonth + (known?.perMonth ?? 0),
      });
    };
    for (const [owner, tally] of this.#totals.byOwner) {
      const standard = this.#standard[owner.location] ?? null;
      if (standard === null) continue;
      const classes = this.#classesOf(owner);
      const rest = restOf(tally, classes);
      if (rest.objects > 0) add('STANDARD', { ...rest, billed: rest.bytes, small: 0 }, rest.bytes * standard.perByte);
      for (const [storageClass, byVerdict] of classes) {
        const amount = [...byVerdict.values()].reduce(plusInClass);
        add(storageClass, amount, classCost(storageClass, amount, standard));
      }
    }
    return (['STANDARD', ...STORAGE_CLASSES] as const).flatMap((storageClass) => sums.get(storageClass) ?? []);
  }

  #costOf(owner: Owner, tally: Tally, standard: StandardPrices): MonthlyCost {
    const classes = this.#classesOf(owner);
    const sum = (verdicts?: readonly Verdict[]): number => {
      let cost = restOf(tally, classes, verdicts).bytes * standard.perByte;
      for (const [storageClass, byVerdict] of classes) {
        for (const [verdict, amount] of byVerdict) {
          if (verdicts?.includes(verdict) ?? true) cost += classCost(storageClass, amount, standard);
        }
      }
      return cost;
    };
    return { live: sum(this.#groups.live), reclaimable: sum(this.#groups.reclaimable), total: sum() };
  }

  #hasClasses(location: number): boolean {
    return this.#places[location]?.billsClasses === true;
  }

  #classesOf(owner: Owner): ClassTallies {
    return (this.#hasClasses(owner.location) && this.#totals.byClass.get(owner)) || NO_CLASSES;
  }
}

const NO_CLASSES: ClassTallies = new Map();

/** What of a tally is in S3 Standard. */
function restOf(
  tally: Tally,
  classes: ClassTallies,
  verdicts?: readonly Verdict[],
): { objects: number; bytes: number } {
  const rest = amountOf(tally, verdicts);
  for (const byVerdict of classes.values()) {
    for (const [verdict, amount] of byVerdict) {
      if (verdicts?.includes(verdict) ?? true) {
        rest.objects -= amount.objects;
        rest.bytes -= amount.bytes;
      }
    }
  }
  return rest;
}

function plus(a: MonthlyCost | null, b: MonthlyCost): MonthlyCost {
  return a === null
    ? b
    : { live: a.live + b.live, reclaimable: a.reclaimable + b.reclaimable, total: a.total + b.total };
}

function averagePrices(
  places: readonly (PlacePrices | null)[],
  { byOwner, byClass }: Totals,
): readonly (StandardPrices | null)[] {
  const bytes = new Map<string, number>();
  for (const [owner, tally] of byOwner) {
    const place = places[owner.location];
    if (place) {
      const classes = (place.billsClasses && byClass.get(owner)) || NO_CLASSES;
      bytes.set(place.of, (bytes.get(place.of) ?? 0) + restOf(tally, classes).bytes);
    }
  }
  return places.map((place) => {
    if (place === null) return null;
    const perGiBMonth = place.storage[0]?.perGiBMonth ?? 0;
    const sum = bytes.get(place.of) ?? 0;
    return { perGiBMonth, perByte: sum === 0 ? perGiBMonth / 1024 ** 3 : storageCost(sum, place) / sum };
  });
}
