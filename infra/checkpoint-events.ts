import { Aws, Duration, Names, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  NOTIFICATION_ID,
  NOTIFICATION_SUFFIX,
  type NotificationEntry,
  queueConfiguration,
} from '#adapters/s3/notification-entry.ts';
import { refuse } from '#infra/area-of.ts';
import type { DeployedNotification } from '#infra/deployed-resource.ts';
import type { AreaBucket } from './permissions.ts';

/** How long the function may take for a batch; the queue shows a message again only long after. */
export const BATCH_TIMEOUT = Duration.minutes(2);
/** Lambda's documentation asks for six times the timeout. */
const VISIBILITY = Duration.minutes(12);
const MOST_DELIVERIES = 5;
const KEPT = Duration.days(14);
/** Of what makes the id of an entry unique among the deployments. */
const LONGEST_ID = 64;
/** The characters of folders that a filter takes as they are. */
const PLAIN = /^[\w.-]+$/;
/** EventBridge quotas: 2,048 characters of a pattern, of which some are needed for all else that it says. */
const PATTERN_ROOM = 1_800;
/** Wildcards make a pattern complex, and EventBridge refuses one that is too complex without a number of how many. */
const MOST_PATTERNS = 10;
/** SQS quotas: 8,192 bytes of a policy, of which some are needed for all else that it says. */
const POLICY_ROOM = 7_000;
/** What the ARN of a bucket has beside its name, which has 63 characters at most. */
const BUCKET_ARN = 'arn:aws-us-gov:s3:::"",'.length;
const LONGEST_BUCKET = 63;
/** Of the ARN of a rule, whose name CloudFormation makes. */
const LONGEST_RULE = 125;

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

/** The entry by which an adopted bucket notifies the queue. */
export interface AdoptedNotification extends NotificationEntry {
  readonly bucket: string;
  /** The entry in the words of S3's API. */
  readonly queueConfiguration: object;
}

/** The queue into which buckets tell of completed checkpoints. */
export class CheckpointEvents extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** For each adopted bucket, what its notifications need. */
  readonly adopted: readonly AdoptedNotification[];

  /**
   * @param adopted buckets that tell the queue themselves, which is free and filtered at the source, or through
   * EventBridge. Which of them, is said by their notifications, and both at once do no harm: what comes twice is taken
   * once. A rule that no event matches costs nothing.
   */
  constructor(scope: Construct, id: string, adopted: readonly AreaBucket[]) {
    super(scope, id);
    this.deadLetters = createQueue(this, 'DeadLetters');
    this.queue = createQueue(this, 'Queue', this.deadLetters);
    const own = `${NOTIFICATION_ID}-${Names.uniqueResourceName(this, { maxLength: LONGEST_ID, separator: '-' })}`;
    this.adopted = adopted.map(({ name, prefixes }) => {
      const entry = { id: own, prefix: filterOf(prefixes) };
      return { ...entry, bucket: name, queueConfiguration: queueConfiguration(this.queue.queueArn, entry) };
    });
    const parts = adopted.map(({ prefixes }) => patternsOf(prefixes));
    requireRoom(adopted, parts.flat().length);
    const rules: Rule[] = [];
    for (const [at, { name }] of adopted.entries()) {
      for (const [part, keys] of (parts[at] ?? []).entries()) {
        const rule = new Rule(this, `Completed${at + 1}${part === 0 ? '' : `Part${part + 1}`}`, {
          description: 'Completed checkpoints and savepoints in an adopted bucket of Flink Steward.',
          eventPattern: {
            source: ['aws.s3'],
            detailType: ['Object Created'],
            detail: { bucket: { name: [name] }, object: { key: keys.map((wildcard) => ({ wildcard })) } },
          },
        });
        sendTo(this, rule);
        rules.push(rule);
      }
    }
    if (adopted.length > 0) acceptAdopted(this, rules, adopted);
  }

  /**
   * Which buckets the deployment itself has notify the queue, as its custom resource is told.
   *
   * @param made the bucket that the deployment makes; null where all are adopted.
   * @param merges whether it adds its entries to those of adopted buckets.
   */
  notifications(made: IBucket | null, merges: boolean): readonly DeployedNotification[] {
    const Queue = this.queue.queueArn;
    if (made !== null) return [{ Bucket: made.bucketName, Queue }];
    return merges
      ? this.adopted.map(({ bucket, id, prefix }) => ({ Bucket: bucket, Queue, Id: id, Prefix: prefix }))
      : [];
  }

  /** Lets a bucket that the deployment has made send what happens in it. */
  acceptFrom(bucketArn: string): void {
    acceptBuckets(this.queue, 'FromTheBucket', bucketArn);
  }
}

/** A queue for events, and the one for those that could not be taken in. */
interface EventQueues {
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

/** Has a rule send its events to a queue. */
export function sendTo({ queue, deadLetters }: EventQueues, rule: Rule): void {
  // Not by CDK's own target, which adds a statement for each rule: SQS takes 20 of them in a policy.
  rule.addTarget({
    bind: () => ({
      arn: queue.queueArn,
      deadLetterConfig: { arn: deadLetters.queueArn },
      retryPolicy: { maximumRetryAttempts: 3 },
    }),
  });
}

/** Lets adopted buckets send what happens in them, by themselves and by rules. */
export function acceptAdopted(
  { queue, deadLetters }: EventQueues,
  rules: readonly Rule[],
  adopted: readonly Pick<AreaBucket, 'name'>[],
): void {
  acceptRules(queue, rules);
  acceptRules(deadLetters, rules);
  acceptBuckets(
    queue,
    'FromAdoptedBuckets',
    adopted.map(({ name }) => `arn:${Aws.PARTITION}:s3:::${name}`),
  );
}

/** Lets buckets send what happens in them. */
export function acceptBuckets(queue: Queue, sid: string, bucketArns: string | readonly string[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid,
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnEquals: { 'aws:SourceArn': bucketArns },
        // The name of a bucket that is gone may be taken by another account.
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      },
    }),
  );
}

/** Lets rules send events, or what they could not deliver. */
function acceptRules(queue: Queue, rules: readonly Rule[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'FromRules',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rules.map(({ ruleArn }) => ruleArn) } },
    }),
  );
}

/** @throws ConfigError where the policy of the queue could not name all of them. */
export function requireRoom(adopted: readonly AreaBucket[], rules: number): void {
  const room = adopted.reduce(
    (sum, { name }) => sum + BUCKET_ARN + (Token.isUnresolved(name) ? LONGEST_BUCKET : name.length),
    rules * LONGEST_RULE,
  );
  if (room > POLICY_ROOM) {
    refuse(
      `area has so many buckets and folders (${adopted.length} buckets) that the policy of the queue which they notify would be longer than the 8,192 bytes that SQS takes. Name a common folder of several folders in place of them, or deploy once for each part of the area.`,
    );
  }
}

/**
 * The folder that all prefixes share, as far as its characters mean themselves in a filter (S3 user guide, "Configuring
 * event notifications using object key name filtering"). One filter for all of them: what comes from beside the area is
 * passed over.
 */
export function filterOf(prefixes: readonly string[]): string {
  const [first = '', ...others] = prefixes.map((prefix) => prefix.split('/').slice(0, -1));
  const shared: string[] = [];
  for (const [at, folder] of [...first].entries()) {
    if (!PLAIN.test(folder) || others.some((other) => other[at] !== folder)) break;
    shared.push(`${folder}/`);
  }
  return shared.join('');
}

/** The patterns of the keys, so many at a time as a rule takes. */
function patternsOf(prefixes: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let room = 0;
  for (const prefix of prefixes) {
    const pattern = `${literally(prefix)}*${NOTIFICATION_SUFFIX}`;
    const needed = JSON.stringify({ wildcard: pattern }).length + 1;
    if (parts.length === 0 || needed > room || (parts.at(-1)?.length ?? 0) === MOST_PATTERNS) {
      parts.push([]);
      room = PATTERN_ROOM;
    }
    parts.at(-1)?.push(pattern);
    room -= needed;
  }
  return parts;
}

/** EventBridge user guide, "Comparison operators": wildcards, and how characters stand for themselves. */
function literally(prefix: string): string {
  return prefix.replace(/[*\\]/g, '\\$&');
}
