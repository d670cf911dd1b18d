import type { QueueConfiguration } from '@aws-sdk/client-s3';
import { METADATA_NAME } from '#core/flink/names.ts';

/** The steward's entry in the notifications of a bucket, apart from the client that writes it. */

/** Names the steward's own entry in the bucket that a deployment has made. */
export const NOTIFICATION_ID = 'flink-steward-checkpoint-completed';
/** Filtered at the source: a bucket of checkpoints sees hundreds of objects for each of them. */
export const NOTIFICATION_SUFFIX = `/${METADATA_NAME}`;

/** A bucket's entry for a queue, without the queue. */
export interface NotificationEntry {
  /** Tells it from the entries of others, and of other deployments. */
  readonly id: string;
  /** Key prefix, empty or with a closing slash. */
  readonly prefix: string;
}

/** The entry of the bucket that a deployment has made: nobody else writes there. */
export const WHOLE_BUCKET: NotificationEntry = { id: NOTIFICATION_ID, prefix: '' };

/** The entry in S3's own words. @param queue ARN; may be a token. */
export function queueConfiguration(queue: string, { id, prefix }: NotificationEntry) {
  const suffix = { Name: 'suffix', Value: NOTIFICATION_SUFFIX } as const;
  const FilterRules = prefix === '' ? [suffix] : [{ Name: 'prefix', Value: prefix } as const, suffix];
  return {
    Id: id,
    QueueArn: queue,
    Events: ['s3:ObjectCreated:*'],
    Filter: { Key: { FilterRules } },
  } satisfies QueueConfiguration;
}
