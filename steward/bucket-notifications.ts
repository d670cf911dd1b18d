import { BucketNotifications } from '#adapters/s3/bucket-notifications.ts';
import { createS3Clients, type S3Connection } from '#adapters/s3/s3-client.ts';

/** A bucket, and the queue that receives its events of completed checkpoints. */
export interface Notification {
  readonly bucket: string;
  /** ARN of the queue. */
  readonly queue: string;
}

/**
 * Sets the steward's own notification of each bucket, and removes it from buckets that no longer need it. It does not
 * change the notifications of others.
 *
 * @param before the notifications of the deployment before this one.
 * @throws StoreError
 */
export async function setNotifications(
  wanted: readonly Notification[],
  before: readonly Notification[],
  connection: S3Connection = {},
): Promise<void> {
  const clients = await createS3Clients(connection);
  const buckets = new Set(wanted.map(({ bucket }) => bucket));
  for (const { bucket } of before.filter((one) => !buckets.has(one.bucket))) {
    await new BucketNotifications(bucket, clients).remove();
  }
  for (const { bucket, queue } of wanted) {
    await new BucketNotifications(bucket, clients).add(queue);
  }
}
