import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ConfigError, type StewardConfig } from '#config/steward-config.ts';
import type { FlinkStewardProps } from '#infra/flink-steward.ts';

/**
 * What `steward.json` means for the stack. A bucket that the area names exists already, so it is adopted; without
 * one, a bucket is created. Directories of the area are the command line's concern alone.
 * @throws ConfigError where the area names more than one bucket, or one whose name is impossible
 */
export function stewardProps(config: StewardConfig): FlinkStewardProps {
  const buckets = new Set(config.area.flatMap((entry) => (entry.kind === 's3' ? [bucketOf(entry.url)] : [])));
  const [existingBucketName, ...others] = buckets;
  if (others.length > 0) {
    throw new ConfigError(
      `area names ${buckets.size} buckets (${[...buckets].join(', ')}), but one stack looks after one bucket, so nothing is synthesised. Keep the locations of one bucket in this steward.json.`,
    );
  }
  return existingBucketName === undefined ? {} : { existingBucketName: possible(existingBucketName) };
}

/** The bucket of `s3://bucket/prefix`, a form that the configuration's schema has checked. */
function bucketOf(url: string): string {
  return url
    .replace(/^s3:\/\//, '')
    .split('/', 1)
    .join();
}

/** CDK would refuse the name too, but with a stack trace. */
function possible(bucketName: string): string {
  try {
    Bucket.validateBucketName(bucketName, true);
  } catch (error) {
    throw new ConfigError(
      `area names the bucket "${bucketName}", and no bucket can have that name, so nothing is synthesised. Correct the location in steward.json.`,
      { cause: error },
    );
  }
  return bucketName;
}
