import type { Event, QueueConfiguration } from '@aws-sdk/client-s3';
import { METADATA_NAME } from '#core/flink/names.ts';

/** The steward's entries in the notifications of a bucket, apart from the client that writes them. */

/** Names the steward's own entry in the bucket that a deployment has made. */
export const NOTIFICATION_ID = 'flink-steward-checkpoint-completed';
/** Filtered at the source: a bucket of checkpoints sees hundreds of objects for each of them. */
export const NOTIFICATION_SUFFIX = `/${METADATA_NAME}`;

/** Names the entry that tells the guard of deletions, in the bucket that a deployment has made. */
export const GUARD_NOTIFICATION_ID = 'flink-steward-guard';

/** What a bucket tells: completed checkpoints, what its lifecycle rules delete, or all that is deleted. */
export const TOLD_EVENTS = ['checkpoints', 'expirations', 'deletions'] as const;
export type ToldEvents = (typeof TOLD_EVENTS)[number];

const EVENTS: Readonly<Record<ToldEvents, readonly Event[]>> = {
  checkpoints: ['s3:ObjectCreated:*'],
  expirations: ['s3:LifecycleExpiration:*'],
  deletions: ['s3:LifecycleExpiration:*', 's3:ObjectRemoved:*'],
};

/** A bucket's entry for a queue, without the queue. */
export interface NotificationEntry {
  /** Tells it from the entries of others, and of other deployments. */
  readonly id: string;
  /** Key prefix, empty or with a closing slash. */
  readonly prefix: string;
  /** @default completed checkpoints */
  readonly events?: ToldEvents;
}

/** The entry of the bucket that a deployment has made: nobody else writes there. */
export const WHOLE_BUCKET: NotificationEntry = { id: NOTIFICATION_ID, prefix: '' };

/** The entry in S3's own words. @param queue ARN; may be a token. */
export function queueConfiguration(queue: string, { id, prefix, events = 'checkpoints' }: NotificationEntry) {
  const rules = [
    ...(prefix === '' ? [] : [{ Name: 'prefix', Value: prefix } as const]),
    ...(events === 'checkpoints' ? [{ Name: 'suffix', Value: NOTIFICATION_SUFFIX } as const] : []),
  ];
  return {
    Id: id,
    QueueArn: queue,
    Events: [...EVENTS[events]],
    ...(rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } }),
  } satisfies QueueConfiguration;
}
