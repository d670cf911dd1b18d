import {
  type IntelligentTieringConfiguration,
  ListBucketIntelligentTieringConfigurationsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ArchiveTier } from '#ports/object-store.ts';
import { PageTrail } from './page-trail.ts';
import { sendOptions } from './send-options.ts';

/**
 * The archive tiers of a bucket, by ListBucketIntelligentTieringConfigurations.
 *
 * A configuration that is disabled counts too: what it has moved stays where it is.
 *
 * @throws as the SDK does
 */
export async function requestArchiveTiers(
  client: S3Client,
  input: { readonly Bucket: string; readonly ExpectedBucketOwner?: string },
  signal: AbortSignal | undefined,
): Promise<readonly ArchiveTier[]> {
  const tiers: ArchiveTier[] = [];
  const trail = new PageTrail(`the archive tiers of ${input.Bucket}`);
  let next: string | undefined;
  do {
    const page = next === undefined ? {} : { ContinuationToken: next };
    const answer = await client.send(
      new ListBucketIntelligentTieringConfigurationsCommand({ ...input, ...page }),
      sendOptions(signal),
    );
    const found = answer.IntelligentTieringConfigurationList ?? [];
    tiers.push(...found.flatMap(tiersOf));
    next = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
    if (next !== undefined) trail.follow(next, found.length === 0);
  } while (next !== undefined);
  return tiers;
}

function tiersOf({ Filter, Tierings = [] }: IntelligentTieringConfiguration): readonly ArchiveTier[] {
  const prefix = Filter?.Prefix ?? Filter?.And?.Prefix ?? '';
  return Tierings.flatMap(({ Days }) => (Days === undefined ? [] : [{ prefix, days: Days }]));
}
