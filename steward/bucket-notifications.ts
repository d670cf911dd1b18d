import { BucketNotifications, NOTIFICATION_ID } from '#adapters/s3/bucket-notifications.ts';
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
 * @param before the notifications of the deployment before this one. Its buckets may be out of reach by now, since roles
 * are changed before this is called.
 * @returns why the notification of a bucket could not be removed, in sentences.
 * @throws as the SDK does, where a notification could not be set.
 */
export async function setNotifications(
  wanted: readonly Notification[],
  before: readonly Notification[],
  connection: S3Connection = {},
): Promise<readonly string[]> {
  const clients = await createS3Clients(connection);
  const buckets = new Set(wanted.map(({ bucket }) => bucket));
  const left: string[] = [];
  for (const { bucket } of before.filter((one) => !buckets.has(one.bucket))) {
    try {
      await new BucketNotifications(bucket, clients).remove();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      left.push(`The notification ${NOTIFICATION_ID} could not be removed from the bucket ${bucket} (${why}).`);
    }
  }
  for (const { bucket, queue } of wanted) {
    await new BucketNotifications(bucket, clients).add(queue);
  }
  return left;
}
