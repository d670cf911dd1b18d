import type { AdoptedBucket } from '#infra/area-of.ts';
import { versionedBuckets } from '#steward/versioned-buckets.ts';

/** Milliseconds for all buckets together. Synthesis must work without credentials and without a network. */
const PATIENCE = 5_000;

/**
 * Asks the buckets of which the configuration does not say whether they keep versions, with the credentials that synthesis
 * runs with.
 *
 * @param patience milliseconds.
 * @returns their names; and for those that gave no answer, what follows.
 */
export async function findVersionedBuckets(
  adopted: readonly AdoptedBucket[],
  region: string | undefined,
  patience = PATIENCE,
): Promise<{ readonly versioned: readonly string[]; readonly notes: readonly string[] }> {
  const asked = adopted.filter((bucket) => bucket.versioned === undefined);
  const connection = region === undefined ? {} : { region };
  const { versioned, unknown } = await versionedBuckets(asked, connection, AbortSignal.timeout(patience));
  const notes = unknown.map(
    (why) =>
      `${why} So the role of undo can't remove delete markers there: undo could not bring back what a run deleted. If the bucket keeps versions, write "versioned": true in its entry of the area; if it keeps none, false.`,
  );
  return {
    versioned,
    notes: [
      ...versioned.map(
        (name) => `The bucket ${name} keeps versions, so the role of undo may remove delete markers there.`,
      ),
      ...notes,
    ],
  };
}
