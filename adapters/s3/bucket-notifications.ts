import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  type QueueConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';
import { BucketClient } from './bucket-client.ts';
import { factsOf } from './failure-facts.ts';
import { type NotificationEntry, queueConfiguration, WHOLE_BUCKET } from './notification-entry.ts';

/**
 * The steward's entry in a bucket's notifications. S3 keeps all entries of a bucket in one document that is replaced as a
 * whole, so those of others are read first and written back.
 */
export class BucketNotifications {
  readonly #bucket: string;
  readonly #entry: NotificationEntry;
  readonly #client: BucketClient;

  constructor(
    bucket: string,
    clients: { readonly client: S3Client; readonly clientFor?: (region: string) => S3Client },
    entry: NotificationEntry = WHOLE_BUCKET,
  ) {
    this.#bucket = bucket;
    this.#entry = entry;
    this.#client = new BucketClient(clients);
  }

  /** Sends the completion of every checkpoint to a queue. @param queue its ARN. @throws as the SDK does */
  async add(queue: string): Promise<void> {
    const existing = await this.#read();
    await this.#write(withEntry(existing, this.#entry.id, queueConfiguration(queue, this.#entry)), false);
  }

  /** Takes it away again, and nothing else. A bucket that is gone has none. @throws as the SDK does */
  async remove(): Promise<void> {
    try {
      const existing = await this.#read();
      if (existing.QueueConfigurations?.some(({ Id }) => Id === this.#entry.id)) {
        // The queues of others may be gone by now; that is no reason to keep ours.
        await this.#write(withEntry(existing, this.#entry.id, null), true);
      }
    } catch (error) {
      if (factsOf(error).name !== 'NoSuchBucket') throw error;
    }
  }

  async #read(): Promise<NotificationConfiguration> {
    const input = { Bucket: this.#bucket };
    const { $metadata: _, ...configuration } = await this.#client.call((client) =>
      client.send(new GetBucketNotificationConfigurationCommand(input)),
    );
    return configuration;
  }

  async #write(configuration: NotificationConfiguration, skipsValidation: boolean): Promise<void> {
    const input = {
      Bucket: this.#bucket,
      NotificationConfiguration: configuration,
      SkipDestinationValidation: skipsValidation,
    };
    await this.#client.call((client) => client.send(new PutBucketNotificationConfigurationCommand(input)));
  }
}

/** The entries of others as they are, and the steward's own, or none of it. */
function withEntry(
  existing: NotificationConfiguration,
  id: string,
  ours: QueueConfiguration | null,
): NotificationConfiguration {
  const others = (existing.QueueConfigurations ?? []).filter(({ Id }) => Id !== id);
  return { ...existing, QueueConfigurations: ours === null ? others : [...others, ours] };
}
