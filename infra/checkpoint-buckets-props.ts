import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** A folder of a bucket. */
export interface CheckpointLocation {
  readonly bucket: IBucket;
  /** A folder in the bucket, with all that is below, such as `flink/checkpoints`. @default - the whole bucket */
  readonly prefix?: string;
}

export interface CheckpointBucketsProps {
  /**
   * Buckets of this app that hold checkpoints, as a whole. They are adopted as those that `area` of the configuration names,
   * and belong to the same area.
   *
   * @default - none
   */
  readonly checkpointBuckets?: readonly IBucket[];
  /**
   * As {@link checkpointBuckets}, where only a folder of a bucket is for checkpoints.
   *
   * @default - none
   */
  readonly checkpointLocations?: readonly CheckpointLocation[];
}
