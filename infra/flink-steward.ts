import { Annotations, Aws, CfnRule, CustomResource, Duration, Fn, Validations } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { configWarnings, parseConfigObject, type StewardJson } from '#config/steward-config.ts';
import type { Severity } from '#core/signals/alarms.ts';
import { BUNDLES } from '#functions/build.ts';
import { type AdoptedBucket, adoptedBuckets, regionOf } from '#infra/area-of.ts';
import { createCheckpointBucket, createLedgerBucket } from '#infra/buckets.ts';
import { CheckpointEvents, createQueue } from '#infra/checkpoint-events.ts';
import { configurationLayer } from '#infra/configuration-layer.ts';
import { metricNamespace } from '#infra/metric-namespace.ts';
import { type NetworkProps, networkOf } from '#infra/network.ts';
import { Permissions } from '#infra/permissions.ts';
import { Schedules } from '#infra/schedules.ts';
import { createFunctions } from '#infra/steward-functions.ts';
import { type DeployedFunctions, type WatchingProps, watch } from '#infra/watching.ts';

export type { StewardJson } from '#config/steward-config.ts';

/** What an operator decides about {@link FlinkSteward}. */
export interface FlinkStewardProps extends NetworkProps, WatchingProps {
  /**
   * What the steward shall do, in the words of `steward.json`, which the command line understands too. Buckets that
   * `area` names are adopted as they are: their settings are not changed, and they are kept when the stack is deleted.
   *
   * @default - a new bucket is made for the checkpoints, and nothing in it is deleted ("mode": "observe").
   */
  readonly configuration?: StewardJson;
  /**
   * Memory of the functions that survey an area, in MiB. A million objects take some 250 MiB, and Lambda gives a whole
   * processor from 1,769 MiB on.
   *
   * @default 3008
   */
  readonly memorySize?: number;
  /**
   * How long the functions' logs are kept. What was deleted, when and why, is kept in the ledger.
   *
   * @default RetentionDays.SIX_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * The folder of the functions' bundles.
   *
   * @default - what `npm run build` writes: dist/functions
   */
  readonly bundles?: string;
  /**
   * The region that the stack goes to, where that is known, so that a bucket of another one is refused now and not by
   * the deployment.
   *
   * @default - the deployment finds out.
   */
  readonly region?: string;
}

const MEMORY_SIZE = 3_008;
/** A minute's worth of checkpoints comes in one batch: a thousand jobs complete some two hundred. */
const BATCH_WINDOW = Duration.minutes(1);
const BATCH_SIZE = 500;
/** The least that an event source takes. What is read here competes with the jobs' own requests. */
const BATCHES_AT_ONCE = 2;

/**
 * Looks after the checkpoints of Flink jobs: the buckets, the functions that survey and sweep them, and what starts those.
 *
 * Fresh, it observes. It deletes nothing before the configuration says `"mode": "collect"`, or a person executes a plan.
 */
export class FlinkSteward extends Construct {
  // `Bucket` is named beside the interface because CDK's own class is none under `exactOptionalPropertyTypes`.
  /** Where Flink writes: the bucket that was made, or those that were adopted. */
  readonly checkpointBuckets: readonly (IBucket | Bucket)[];
  /** Where the steward keeps its records. No Flink job needs access to it. */
  readonly ledgerBucket: IBucket | Bucket;
  /** Whether the checkpoint buckets belong to someone else, so that none of their settings is ours to write. */
  readonly adopted: boolean;
  /** `notify-slack` is among them where Slack is configured. */
  readonly functions: DeployedFunctions;
  /** Receives what the buckets tell of completed checkpoints. */
  readonly checkpointQueue: Queue;
  /**
   * For each adopted bucket, the entry that its notifications need, in the words of S3's API. Somebody adds it, unless the
   * configuration says `"notifications": "merge"`.
   */
  readonly notificationEntries: readonly { readonly bucket: string; readonly queueConfiguration: object }[];
  /** Messages about checkpoints that could not be taken in. */
  readonly deadLetters: Queue;
  /** Starts of functions that failed for good. */
  readonly failures: Queue;
  /** Where alarms go. Whoever shall hear of them subscribes; null without alarms. */
  readonly alarmTopic: Topic | null;
  /** Where the alarms of one severity go beside that: somebody is woken up, or it waits for the morning; null without alarms. */
  readonly alarmTopics: Readonly<Record<Severity, Topic>> | null;
  readonly dashboard: Dashboard | null;
  /** The CloudWatch namespace of its metrics, which no other construct shares unless `signals.namespace` says so. */
  readonly metricNamespace: string;

  /** @throws ConfigError where the configuration can't be used, with a sentence for each key that is wrong. */
  constructor(scope: Construct, id: string, props: FlinkStewardProps = {}) {
    super(scope, id);
    const text = JSON.stringify(props.configuration ?? {});
    const config = parseConfigObject(JSON.parse(text), 'steward.json');
    const adopted = adoptedBuckets(config);
    for (const warning of configWarnings(config)) {
      // Its first word is the setting that it warns of, so that a warning can be acknowledged by name.
      Annotations.of(this).addWarningV2(`flink-steward:${warning.split(' ')[0]}`, warning);
    }
    this.sayWhatIsListed(adopted, config.scope);
    this.adopted = adopted.length > 0;
    this.requireRegion(regionOf(adopted, props.region));

    const made = this.adopted ? null : createCheckpointBucket(this);
    this.checkpointBuckets =
      made === null ? adopted.map(({ name }, at) => Bucket.fromBucketName(this, `Checkpoints${at + 1}`, name)) : [made];
    this.ledgerBucket =
      config.deploy.ledgerBucket === undefined
        ? createLedgerBucket(this)
        : Bucket.fromBucketName(this, 'Ledger', config.deploy.ledgerBucket);

    const events = new CheckpointEvents(this, 'Events', adopted);
    const merges = config.deploy.notifications === 'merge';
    this.checkpointQueue = events.queue;
    this.notificationEntries = events.adopted.map(({ bucket, queueConfiguration }) => ({ bucket, queueConfiguration }));
    this.deadLetters = events.deadLetters;
    this.failures = createQueue(this, 'Failures');
    Validations.of(this.failures).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is where starts of functions and schedules end that failed for good; nothing reads it but people.',
    });
    const area = made === null ? adopted : [{ name: made.bucketName, prefixes: [''] }];
    const bundles = props.bundles ?? BUNDLES;
    const ledger = `s3://${this.ledgerBucket.bucketName}`;
    this.metricNamespace = metricNamespace(this, config);
    const namespace = this.metricNamespace;
    const permissions = new Permissions(area, this.ledgerBucket.bucketName, config.scope, namespace);
    const configuration = configurationLayer(this, text);
    const logRetention = props.logRetention ?? RetentionDays.SIX_MONTHS;
    const functions = createFunctions(this, {
      config,
      permissions,
      ledger,
      made: made?.bucketName ?? null,
      notifying: made === null ? (merges ? adopted.map(({ name }) => name) : []) : [made.bucketName],
      queue: events.queue,
      failures: this.failures,
      configuration,
      bundles,
      memorySize: props.memorySize ?? MEMORY_SIZE,
      logRetention,
      namespace,
      network: networkOf(this, props, config),
    });

    const { survey, collect, 'lifecycle-rules': rules, 'checkpoint-completed': completed } = functions;
    new CfnEventSourceMapping(this, 'CheckpointCompletedSource', {
      functionName: completed.functionName,
      eventSourceArn: events.queue.queueArn,
      batchSize: BATCH_SIZE,
      maximumBatchingWindowInSeconds: BATCH_WINDOW.toSeconds(),
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: BATCHES_AT_ONCE },
    });
    const { schedules, timeZone } = config.deploy;
    new Schedules(this, 'Schedules', {
      enabled: schedules === 'on',
      timeZone,
      starts: {
        Survey: { expression: config.deploy.survey, function: survey },
        // Alarms over many jobs look back three hours at most, however seldom the area is surveyed.
        Metrics: { expression: 'rate(1 hour)', function: survey, event: { only: 'metrics' } },
        Collect: { expression: config.deploy.collect, function: collect },
        Rules: { expression: config.deploy.rules, function: rules },
      },
      failures: this.failures,
    });
    this.settleOnDeploy(made, events, merges, functions['on-deploy'], text);

    const deadLetters = { checkpoints: this.deadLetters, failures: this.failures };
    const { failures } = this;
    const watched = {
      made: made?.bucketName ?? null,
      config,
      functions,
      deadLetters,
      permissions,
      ledger,
      configuration,
      failures,
      bundles,
      logRetention,
      namespace,
      events: events.queue,
    };
    const watching = watch(this, props, watched);
    this.functions = watching.functions;
    this.alarmTopic = watching.alarmTopic;
    this.alarmTopics = watching.alarmTopics;
    this.dashboard = watching.dashboard;
  }

  /** Not by CDK's own notifications: their handler replaces those of others, and may do so in every bucket. */
  private settleOnDeploy(
    made: Bucket | null,
    events: CheckpointEvents,
    merges: boolean,
    onDeploy: LambdaFunction,
    text: string,
  ): void {
    const Queue = events.queue.queueArn;
    const ofAdopted = events.adopted.map(({ bucket, id, prefix }) => ({
      Bucket: bucket,
      Queue,
      Id: id,
      Prefix: prefix,
    }));
    const resource = new CustomResource(this, 'Deployed', {
      serviceToken: onDeploy.functionArn,
      resourceType: 'Custom::FlinkStewardOnDeploy',
      serviceTimeout: Duration.minutes(6),
      properties: {
        Notifications: made === null ? (merges ? ofAdopted : []) : [{ Bucket: made.bucketName, Queue }],
        // A changed configuration has the lifecycle rules looked at again.
        Configuration: text,
      },
    });
    if (made !== null) {
      events.acceptFrom(made.bucketArn);
    }
    // S3 sends a test message before it takes a queue.
    resource.node.addDependency(events.queue);
  }

  /** An area that is a part of its buckets has the rest of them listed, which people may not expect, nor pay for gladly. */
  private sayWhatIsListed(adopted: readonly AdoptedBucket[], scope: 'bucket' | 'area'): void {
    const narrow = adopted.filter(({ prefixes }) => !prefixes.includes('')).map(({ name }) => name);
    if (scope === 'area' || narrow.length === 0) return;
    Annotations.of(this).addInfoV2(
      'flink-steward:scope',
      `The area is a part of ${narrow.join(' and ')}. The rest of each bucket is listed once a week, and the "_metadata" objects in it are read, because a checkpoint or savepoint there may reference files of the area. Nothing is deleted before that is done for the first time. If the area is complete and the rest must not be listed, write "scope": "area" in steward.json; then the roles can list the area only.`,
    );
  }

  /** CloudFormation itself refuses the stack in another region, with this sentence. */
  private requireRegion(region: string | null): void {
    if (region === null) return;
    new CfnRule(this, 'Region', {
      assertions: [
        {
          assert: Fn.conditionEquals(Aws.REGION, region),
          assertDescription: `steward.json says that the buckets of the area lie in ${region}. Deploy this stack there, or correct "region".`,
        },
      ],
    });
  }
}
