import type { AreaEntry } from '#config/steward-config.ts';

/**
 * Where people may write a savepoint: beside the checkpoints of the first location, where the steward sees and keeps it.
 *
 * @param made the bucket that the stack created, which is the area where the configuration names none.
 */
export function savepointsIn(area: readonly AreaEntry[], made?: string): string | null {
  const named = area.find((entry) => entry.kind === 's3');
  const place = named?.url ?? (made === undefined ? null : `s3://${made}`);
  return place === null ? null : `${place.replace(/\/+$/, '')}/savepoints`;
}
