import type { ObjectSource } from '#tools/embedded-s3/generated-objects.ts';

/** Behind the keys of what is copied. */
const REPLICA = 'replica/';

/**
 * A bucket that also holds a copy of itself, as backups and replications leave one: every file of state has a namesake, so
 * the rule on names has as much to do as it can have.
 */
export function withReplica(source: ObjectSource): ObjectSource {
  const { size } = source;
  return {
    ...source,
    size: 2 * size,
    keyAt: (rank) => (rank < size ? source.keyAt(rank) : `${REPLICA}${source.keyAt(rank - size)}`),
    objectAt: (rank, key) =>
      rank < size ? source.objectAt(rank, key) : source.objectAt(rank - size, key.slice(REPLICA.length)),
  };
}
