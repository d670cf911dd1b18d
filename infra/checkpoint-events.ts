import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { NOTIFICATION_SUFFIX } from '#adapters/s3/bucket-notifications.ts';
import type { AreaBucket } from './permissions.ts';

/** How long the function may take for a batch; the queue shows a message again only long after. */
export const BATCH_TIMEOUT = Duration.minutes(2);
/** Lambda's documentation asks for six times the timeout. */
const VISIBILITY = Duration.minutes(12);
const MOST_DELIVERIES = 5;
const KEPT = Duration.days(14);

/** A queue with what holds for every queue of ours. */
export function createQueue(scope: Construct, id: string, deadLetters?: Queue): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: KEPT,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(deadLetters === undefined
      ? {}
      : { visibilityTimeout: VISIBILITY, deadLetterQueue: { queue: deadLetters, maxReceiveCount: MOST_DELIVERIES } }),
  });
}

/** The queue into which buckets tell of completed checkpoints. */
export class CheckpointEvents extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  /** @param adopted buckets that tell through EventBridge; their notifications are somebody else's. */
  constructor(scope: Construct, id: string, adopted: readonly AreaBucket[]) {
    super(scope, id);
    this.deadLetters = createQueue(this, 'DeadLetters');
    this.queue = createQueue(this, 'Queue', this.deadLetters);
    for (const [at, { name, prefixes }] of adopted.entries()) {
      const rule = new Rule(this, `Completed${at + 1}`, {
        description: 'Completed checkpoints and savepoints in an adopted bucket of Flink Steward.',
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Created'],
          detail: {
            bucket: { name: [name] },
            object: { key: prefixes.map((prefix) => ({ wildcard: `${literally(prefix)}*${NOTIFICATION_SUFFIX}` })) },
          },
        },
      });
      rule.addTarget(new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters, retryAttempts: 3 }));
    }
  }

  /** Lets a bucket that the deployment has made send what happens in it. */
  acceptFrom(bucketArn: string, account: string): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'FromTheBucket',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': bucketArn }, StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  }
}

/** EventBridge user guide, "Comparison operators": wildcards, and how characters stand for themselves. */
function literally(prefix: string): string {
  return prefix.replace(/[*\\]/g, '\\$&');
}
