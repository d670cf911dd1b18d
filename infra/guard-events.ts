import { Names } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { GUARD_NOTIFICATION_ID, queueConfiguration, type ToldEvents } from '#adapters/s3/notification-entry.ts';
import {
  type AdoptedNotification,
  acceptAdopted,
  acceptBuckets,
  createQueue,
  filterOf,
  requireRoom,
  sendTo,
} from '#infra/checkpoint-events.ts';
import type { DeployedNotification } from '#infra/deployed-resource.ts';
import type { AreaBucket } from './permissions.ts';

/** Of what makes the id of an entry unique among the deployments. */
const LONGEST_ID = 64;
/** Buckets that the pattern of one rule names: EventBridge takes 2,048 characters of it. */
const MOST_BUCKETS = 20;
/** As S3 names it in its events for EventBridge. */
const BY_RULE = 'Lifecycle Expiration';

/** The queue into which buckets tell of objects that were deleted. */
export class GuardEvents extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** For each adopted bucket, what its notifications need. */
  readonly adopted: readonly AdoptedNotification[];
  readonly #events: ToldEvents;

  /**
   * @param adopted buckets that tell the queue themselves, which is free, or through EventBridge, where their notifications
   * name that. A rule that no event matches costs nothing.
   */
  constructor(scope: Construct, id: string, adopted: readonly AreaBucket[], mode: 'lifecycle' | 'all') {
    super(scope, id);
    this.#events = mode === 'all' ? 'deletions' : 'expirations';
    this.deadLetters = createQueue(this, 'DeadLetters');
    this.queue = createQueue(this, 'Queue', this.deadLetters);
    const own = `${GUARD_NOTIFICATION_ID}-${Names.uniqueResourceName(this, { maxLength: LONGEST_ID, separator: '-' })}`;
    this.adopted = adopted.map(({ name, prefixes }) => {
      const entry = { id: own, prefix: filterOf(prefixes), events: this.#events };
      return { ...entry, bucket: name, queueConfiguration: queueConfiguration(this.queue.queueArn, entry) };
    });
    if (adopted.length === 0) return;
    const rules = this.#rules(
      adopted.map(({ name }) => name),
      mode,
    );
    requireRoom(adopted, rules.length);
    acceptAdopted(this, rules, adopted);
  }

  /** As of completed checkpoints: which buckets the deployment itself has notify the queue. */
  notifications(made: IBucket | null, merges: boolean): readonly DeployedNotification[] {
    const told = { Queue: this.queue.queueArn, Events: this.#events };
    if (made !== null) return [{ Bucket: made.bucketName, ...told, Id: GUARD_NOTIFICATION_ID, Prefix: '' }];
    return merges
      ? this.adopted.map(({ bucket, id, prefix }) => ({ Bucket: bucket, ...told, Id: id, Prefix: prefix }))
      : [];
  }

  /** Lets a bucket that the deployment has made send what happens in it. */
  acceptFrom(bucketArn: string): void {
    acceptBuckets(this.queue, 'FromTheBucket', bucketArn);
  }

  #rules(buckets: readonly string[], mode: 'lifecycle' | 'all'): readonly Rule[] {
    return Array.from({ length: Math.ceil(buckets.length / MOST_BUCKETS) }, (_, part) => {
      const rule = new Rule(this, `Deleted${part + 1}`, {
        description: 'Objects that were deleted in adopted buckets of Flink Steward.',
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Deleted'],
          detail: {
            bucket: { name: buckets.slice(part * MOST_BUCKETS, (part + 1) * MOST_BUCKETS) },
            ...(mode === 'all' ? {} : { reason: [BY_RULE] }),
          },
        },
      });
      sendTo(this, rule);
      return rule;
    });
  }
}
