import { compareCuts, type ShardCut } from './key-ranges.ts';

/** A place to cut at, and about how many objects lie between it and the sample before. */
export interface KeySample {
  readonly location: number;
  /** Whole key. */
  readonly key: string;
  readonly objects: number;
}

/**
 * Where to cut an area so that its shards hold about the same number of objects.
 *
 * @param samples in any order.
 * @param shards how many there shall be, one at least.
 */
export function weighedCuts(samples: readonly KeySample[], shards: number): readonly ShardCut[] {
  const sorted = samples.toSorted(compareCuts);
  const all = sorted.reduce((sum, { objects }) => sum + objects, 0);
  const cuts: ShardCut[] = [];
  let passed = 0;
  for (const { location, key, objects } of sorted) {
    passed += objects;
    while (cuts.length < shards - 1 && passed * shards >= all * (cuts.length + 1)) {
      cuts.push({ location, key });
    }
  }
  return cuts;
}
