import type { BucketNotifications } from '#adapters/s3/bucket-notifications.ts';
import { factsOf } from '#adapters/s3/failure-facts.ts';
import { type NotificationEntry, WHOLE_BUCKET } from '#adapters/s3/notification-entry.ts';
import type { Services } from './services.ts';

export { TOLD_EVENTS } from '#adapters/s3/notification-entry.ts';

/** A bucket, and the queue that receives its events: of completed checkpoints, or of deletions. */
export interface Notification {
  readonly bucket: string;
  /** ARN of the queue. */
  readonly queue: string;
  /** @default - the entry of a bucket that the deployment has made */
  readonly entry?: NotificationEntry;
}

/**
 * A deployment changes role and queue seconds before. IAM and SQS tell all their servers within a minute (SQS API reference,
 * "SetQueueAttributes"); until then S3 may answer that it is denied, or that it can't send to the queue.
 */
const PAUSE = 10_000;
const MOST_ATTEMPTS = 8;

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
  { connection = {}, sleep }: Pick<Services, 'connection' | 'sleep'>,
): Promise<readonly string[]> {
  // Loaded here, because most invocations set none.
  const [{ BucketNotifications }, { createS3Clients }] = await Promise.all([
    import('#adapters/s3/bucket-notifications.ts'),
    import('#adapters/s3/s3-client.ts'),
  ]);
  const clients = await createS3Clients(connection);
  const names = new Set(wanted.map(nameOf));
  const left: string[] = [];
  for (const { bucket, entry = WHOLE_BUCKET } of before.filter((one) => !names.has(nameOf(one)))) {
    try {
      await new BucketNotifications(bucket, clients, entry).remove();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      left.push(`The notification ${entry.id} could not be removed from the bucket ${bucket} (${why}).`);
    }
  }
  for (const { bucket, queue, entry } of wanted) {
    await addOnceItMay(new BucketNotifications(bucket, clients, entry), queue, sleep);
  }
  return left;
}

async function addOnceItMay(
  notifications: BucketNotifications,
  queue: string,
  sleep: Services['sleep'],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await notifications.add(queue);
      return;
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !maySettle(error)) throw error;
      await sleep(PAUSE);
    }
  }
}

function maySettle(error: unknown): boolean {
  const { name, message } = factsOf(error);
  return name === 'AccessDenied' || (name === 'InvalidArgument' && /unable to validate/i.test(message));
}

function nameOf({ bucket, entry = WHOLE_BUCKET }: Notification): string {
  return `${bucket}/${entry.id}`;
}
