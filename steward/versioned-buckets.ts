import { S3BucketFacts } from '#adapters/s3/s3-bucket-facts.ts';
import { createS3Clients, type S3Connection } from '#adapters/s3/s3-client.ts';

/** Which buckets keep versions of their objects. */

/** A bucket that is asked. */
export interface AskedBucket {
  readonly name: string;
  readonly region?: string;
}

/** What they said. */
export interface VersionedBuckets {
  /** Names of those that keep versions, or have kept them until they were told to stop. */
  readonly versioned: readonly string[];
  /** For each that gave no answer, why, as a sentence. */
  readonly unknown: readonly string[];
}

/** @param signal ends the asking; those that have not answered by then are unknown. */
export async function versionedBuckets(
  buckets: readonly AskedBucket[],
  connection: S3Connection,
  signal: AbortSignal,
): Promise<VersionedBuckets> {
  const versioned: string[] = [];
  const unknown: string[] = [];
  for (const { name, region } of buckets) {
    const clients = await createS3Clients({ ...connection, ...(region === undefined ? {} : { region }) });
    const told = await new S3BucketFacts({ bucket: name, ...clients })
      .versioning({ signal })
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
        return null;
      });
    if (told === null) {
      unknown.push(`s3://${name} did not answer in time whether it keeps versions.`);
    } else if (!told.known) {
      unknown.push(told.why);
    } else if (told.value !== 'never') {
      versioned.push(name);
    }
  }
  return { versioned, unknown };
}
