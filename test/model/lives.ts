import fc from 'fast-check';
import { type Profile, profileOf } from './profile.ts';
import { World } from './world.ts';

/** What has happened in some lives, all together. */
export type Sum = Record<keyof World['counts'], number>;

export interface Lives {
  /** Of the first life; each one names its own when it fails. */
  readonly seed: number;
  readonly runs: number;
  /** Of each life. */
  readonly steps: number;
}

/**
 * Lives of Flink and its stewards, each by a seed of its own.
 *
 * @throws where state is lost in one, with its seed and what happened before. The same seed is lived again with
 * `profile(seed)`.
 */
export async function liveAll(
  { seed, runs, steps }: Lives,
  profile: (seed: number) => Profile = profileOf,
): Promise<Sum> {
  const sum: Sum = {
    steps: 0,
    runs: 0,
    deleted: 0,
    deletedCopies: 0,
    retired: 0,
    retiredBesideJobs: 0,
    undone: 0,
    deaths: 0,
    failures: 0,
    undecidable: 0,
    spared: 0,
    unseen: 0,
    sharded: 0,
    outside: 0,
  };
  // A smaller seed is no simpler life.
  const anySeed = fc.noShrink(fc.integer({ min: 1, max: 2 ** 31 - 1 }));
  await fc.assert(
    fc.asyncProperty(anySeed, async (life) => {
      const world = new World(profile(life));
      await world.live(steps);
      for (const [name, count] of Object.entries(world.counts)) {
        sum[name as keyof Sum] += count;
      }
    }),
    { seed, numRuns: runs },
  );
  return sum;
}
