import type { Place, StoredObject } from './place.ts';

/**
 * What a lifecycle rule of S3 does: objects older than a limit go, whoever needs them. The jobs here live for seconds;
 * a week is to a job of three weeks what a third of its life is to it.
 *
 * @param objects as they were when the jobs had ended, which is taken as the time of the rule
 * @returns how many objects went.
 */
export async function ageRule(place: Place, objects: readonly StoredObject[]): Promise<number> {
  const present = new Set((await place.list()).map(({ key }) => key));
  const expired = expiredBy(objects).filter(({ key }) => present.has(key));
  for (const { key } of expired) await place.remove(key);
  return expired.length;
}

const SHARE_OF_LIFE = 1 / 3;

export function expiredBy(objects: readonly StoredObject[]): readonly StoredObject[] {
  const times = objects.map(({ modified }) => modified);
  const newest = Math.max(...times);
  const limit = (newest - Math.min(...times)) * SHARE_OF_LIFE;
  return objects.filter(({ modified }) => newest - modified > limit);
}
