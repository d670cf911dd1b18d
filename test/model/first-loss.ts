import { type Kind, lifeOf, mutationOf, type Switch } from './mutations.ts';
import { switchOff } from './switched-off.ts';
import { ModelViolation } from './violation.ts';
import { World } from './world.ts';

/** Lives with rules switched off, until one loses something. */

/** Which lives are lived. */
export interface Lives {
  /** Seed of the first one. @default 1 */
  readonly from?: number;
  readonly most: number;
  /** Of each. @default 600 */
  readonly steps?: number;
  /** Hears what was lost. */
  readonly tell?: (loss: ModelViolation) => void;
}

/** The seed of the first life in which something is lost; null where nothing is in so many. */
export async function firstLoss(
  off: readonly Switch[],
  kind: Kind,
  { from = 1, most, steps = 600, tell }: Lives,
): Promise<number | null> {
  const set = new Set(off);
  switchOff(set);
  for (let seed = from; seed < from + most; seed++) {
    try {
      await new World(lifeOf(seed, kind), mutationOf(set)).live(steps);
    } catch (error) {
      if (!(error instanceof ModelViolation)) {
        throw error;
      }
      tell?.(error);
      return seed;
    }
  }
  return null;
}

/** What happens in so many lives of a kind, by the names of {@link World.counts}. @throws where something is lost or stays. */
export async function liveKind(kind: Kind, { from = 1, most, steps = 600 }: Lives): Promise<World['counts'][]> {
  switchOff(new Set());
  const counts: World['counts'][] = [];
  for (let seed = from; seed < from + most; seed++) {
    const world = new World(lifeOf(seed, kind));
    await world.live(steps);
    counts.push(world.counts);
  }
  return counts;
}
