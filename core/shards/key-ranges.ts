import { behindLast } from '#core/inventory/behind-last.ts';
import { compareKeys } from '#core/key-order.ts';

/** The keys of a location after `after`, up to and including `until`. If one of them is absent, it is open at that end. */
export interface ShardRange {
  /** By number, in the order of the area. */
  readonly location: number;
  /** Whole keys. */
  readonly after?: string;
  readonly until?: string;
}

/** A part of an area: ranges that follow one another. None where there are more shards than places to cut at. */
export type Shard = readonly ShardRange[];

/** Where one shard ends and the next one begins: behind a whole key, or behind the last key of a location (null). */
export interface ShardCut {
  readonly location: number;
  readonly key: string | null;
}

/** Which of two places in the area comes first, as `Array.prototype.sort` wants it. */
export function compareCuts(a: ShardCut, b: ShardCut): number {
  if (a.location !== b.location) return a.location - b.location;
  if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
  return compareKeys(a.key, b.key);
}

/**
 * The area in shards, one more than there are cuts. Together they hold every key of every location once.
 *
 * @param locations how many there are.
 * @param cuts in any order; of several at one place all but the first begin an empty shard.
 */
export function layShards(locations: number, cuts: readonly ShardCut[]): readonly Shard[] {
  const shards: Shard[] = [];
  let location = 0;
  let after: string | undefined;
  const rangeTo = (until?: string): ShardRange => ({
    location,
    ...(after === undefined ? {} : { after }),
    ...(until === undefined ? {} : { until }),
  });
  const upTo = (end: ShardCut): readonly ShardRange[] => {
    const ranges: ShardRange[] = [];
    for (; location < end.location || (location === end.location && end.key === null); after = undefined) {
      ranges.push(rangeTo());
      location++;
    }
    if (location === end.location && end.key !== null && end.key !== after) {
      ranges.push(rangeTo(end.key));
      after = end.key;
    }
    return ranges;
  };
  for (const cut of cuts.toSorted(compareCuts)) shards.push(upTo(cut));
  return [...shards, upTo({ location: locations - 1, key: null })];
}

/** Finds the shard of a key. */
export class ShardMap {
  readonly count: number;
  readonly #ranges: readonly (ShardRange & { readonly shard: number })[];

  constructor(shards: readonly Shard[]) {
    this.count = shards.length;
    this.#ranges = shards.flatMap((ranges, shard) => ranges.map((range) => ({ ...range, shard })));
  }

  /** @param key whole. @throws RangeError for a location that is not in the area. */
  shardOf(location: number, key: string): number {
    const at = behindLast(0, this.#ranges.length, (place) => this.#endsBefore(place, location, key));
    const found = this.#ranges[at];
    if (found === undefined || found.location !== location) {
      throw new RangeError(`No shard holds a location ${location}.`);
    }
    return found.shard;
  }

  #endsBefore(place: number, location: number, key: string): number {
    const range = this.#ranges[place];
    /* v8 ignore next -- asked of ranges that are there */
    if (range === undefined) return 1;
    return compareCuts({ location: range.location, key: range.until ?? null }, { location, key }) < 0 ? -1 : 1;
  }
}
