import { type CustomResource, Duration, Validations } from 'aws-cdk-lib';
import type { Alarm, CompositeAlarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventSourceMapping, type IFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { guardOf } from '#config/guard.ts';
import { parseConfigObject } from '#config/steward-config.ts';
import type { Severity } from '#core/signals/alarms.ts';
import { BUNDLES } from '#functions/shared/bundles-folder.ts';
import { refuseTokens } from '#infra/buckets-of-app.ts';
import { CheckpointEvents, createQueue } from '#infra/checkpoint-events.ts';
import { Collection, collectionName } from '#infra/collection.ts';
import { type DeployedConfiguration, deployedConfiguration } from '#infra/deployed-configuration.ts';
import { demandedPlace, requirePlace } from '#infra/deployed-place.ts';
import { createDeployedResource, type DeployedNotification } from '#infra/deployed-resource.ts';
import { FlinkStewardBase, type IFlinkSteward } from '#infra/flink-steward-base.ts';
import type { FlinkStewardProps } from '#infra/flink-steward-props.ts';
import { GuardEvents } from '#infra/guard-events.ts';
import { type FlinkStewardAttributes, ImportedSteward } from '#infra/imported-steward.ts';
import { metricNamespace } from '#infra/metric-namespace.ts';
import { networkOf } from '#infra/network.ts';
import { Permissions } from '#infra/permissions.ts';
import { remarkOn } from '#infra/remarks.ts';
import { Schedules, type Start } from '#infra/schedules.ts';
import { bucketsOf } from '#infra/steward-buckets.ts';
import { createFunctions } from '#infra/steward-functions.ts';
import { watch } from '#infra/watching.ts';
import type { DeployedFunctions } from '#infra/watching-props.ts';

const DAY = 86_400_000;
/** A minute's worth of checkpoints comes in one batch: a thousand jobs complete some two hundred. */
const BATCH_WINDOW = Duration.minutes(1);
const BATCH_SIZE = 500;
/** The least that an event source takes. What is read here competes with the jobs' own requests. */
const BATCHES_AT_ONCE = 2;
/** An alarm within two minutes of the first deletion leaves a part of one to wait for more of them. */
const GUARD_WINDOW = Duration.seconds(20);
/** What fits into one invocation: a message has some two kilobytes, and Lambda takes six megabytes. */
const GUARD_BATCH_SIZE = 1_000;

/**
 * Looks after the checkpoints of Flink jobs: the buckets, the functions that survey and sweep them, and what starts those.
 *
 * Fresh, it observes. It deletes nothing before the configuration says `"mode": "collect"`, or a person executes a plan.
 */
export class FlinkSteward extends FlinkStewardBase {
  /** Where Flink writes: the bucket that was made, or those that were adopted. */
  readonly checkpointBuckets: readonly IBucket[];
  /** Where the steward keeps its records. No Flink job needs access to it. */
  readonly ledgerBucket: IBucket;
  readonly manualFunction: IFunction;
  /** URLs of what it looks after: `s3://bucket/prefix`. */
  readonly area: readonly string[];
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
  /** Receives what the buckets tell of deleted objects; null where nothing is guarded. */
  readonly guardQueue: Queue | null;
  /** Messages about deletions that could not be taken in; null where nothing is guarded. */
  readonly guardDeadLetters: Queue | null;
  /** For each adopted bucket, the entry by which it tells of deleted objects, as {@link notificationEntries}. */
  readonly guardEntries: readonly { readonly bucket: string; readonly queueConfiguration: object }[];
  /** Runs collections: it starts `collect` and `sweep`, and its history says how each ended. */
  readonly collectionStateMachineArn: string;
  /** Messages about checkpoints that could not be taken in. */
  readonly deadLetters: Queue;
  /** Starts of functions that failed for good. */
  readonly failures: Queue;
  /** Where alarms go. Whoever shall hear of them subscribes; null without alarms. */
  readonly alarmTopic: Topic | null;
  /** Where the alarms of one severity go beside that: somebody is woken up, or it waits for the morning; null without alarms. */
  readonly alarmTopics: Readonly<Record<Severity, Topic>> | null;
  /** The alarms, by what follows the prefix in their names: `size-jump`, `failing-survey`. Empty without alarms. */
  readonly alarms: Readonly<Record<string, Alarm>>;
  readonly dashboard: Dashboard | null;
  /** The CloudWatch namespace of its metrics, which no other construct shares unless `signals.namespace` says so. */
  readonly metricNamespace: string;

  readonly #unhealthy: () => CompositeAlarm | null;

  /** A steward that another stack has made. */
  static fromFlinkStewardAttributes(scope: Construct, id: string, attributes: FlinkStewardAttributes): IFlinkSteward {
    return new ImportedSteward(scope, id, attributes);
  }

  /** @throws ConfigError where the configuration can't be used, with a sentence for each key that is wrong. */
  constructor(scope: Construct, id: string, props: FlinkStewardProps = {}) {
    super(scope, id);
    refuseTokens(props.configuration);
    const text = JSON.stringify(props.configuration ?? {});
    const config = parseConfigObject(JSON.parse(text), 'steward.json');
    const buckets = bucketsOf(this, config, props);
    const { adopted, made } = buckets;
    this.adopted = made === null;
    this.checkpointBuckets = buckets.checkpointBuckets;
    this.ledgerBucket = buckets.ledgerBucket;
    this.area = buckets.locations;
    requirePlace(this, demandedPlace(adopted, config, props));
    remarkOn(this, config, adopted);

    const events = new CheckpointEvents(this, 'Events', adopted);
    const { mode } = guardOf(config);
    const deletions = mode === 'off' ? null : new GuardEvents(this, 'Deletions', adopted, mode);
    const merges = config.deploy.notifications === 'merge';
    const notifications = [
      ...events.notifications(made, merges),
      ...(deletions === null ? [] : deletions.notifications(made, merges)),
    ];
    this.guardQueue = deletions?.queue ?? null;
    this.guardDeadLetters = deletions?.deadLetters ?? null;
    this.guardEntries = (deletions?.adopted ?? []).map(({ bucket, queueConfiguration }) => ({
      bucket,
      queueConfiguration,
    }));
    this.checkpointQueue = events.queue;
    this.notificationEntries = events.adopted.map(({ bucket, queueConfiguration }) => ({ bucket, queueConfiguration }));
    this.deadLetters = events.deadLetters;
    this.failures = createQueue(this, 'Failures');
    Validations.of(this.failures).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is where starts of functions and schedules end that failed for good; nothing reads it but people.',
    });
    const bundles = props.bundles ?? BUNDLES;
    const ledger = `s3://${this.ledgerBucket.bucketName}`;
    this.metricNamespace = metricNamespace(this, config);
    const namespace = this.metricNamespace;
    const { ledgerKmsKey } = buckets;
    const ledgerOf = {
      name: this.ledgerBucket.bucketName,
      ...(ledgerKmsKey === undefined ? {} : { kmsKey: ledgerKmsKey }),
    };
    const permissions = new Permissions(buckets.area, ledgerOf, {
      scope: config.scope,
      requireIfMatch: config.deploy.requireIfMatch,
      namespace,
    });
    const configuration = deployedConfiguration(this, text, props.configurationIn ?? 'layer');
    const logRetention: RetentionDays = props.logRetention ?? config.deploy.logRetention / DAY;
    const collection = collectionName(this);
    const functions = createFunctions(this, {
      config,
      permissions,
      ledger,
      made: made?.bucketName ?? null,
      notifying: [...new Set(notifications.map(({ Bucket }) => Bucket))],
      locationsOfApp: buckets.locationsOfApp,
      queue: events.queue,
      deletions: deletions?.queue ?? null,
      collection,
      failures: this.failures,
      configuration,
      bundles,
      memorySize: props.memorySize ?? config.deploy.memory,
      logRetention,
      namespace,
      network: networkOf(this, props, config),
    });

    const { survey, collect, 'lifecycle-rules': rules, 'checkpoint-completed': completed } = functions;
    const machine = new Collection(this, 'Collection', collection, {
      functions,
      ledger: ledgerOf,
      logRetention,
    });
    this.collectionStateMachineArn = collection.arn;
    new CfnEventSourceMapping(this, 'CheckpointCompletedSource', {
      functionName: completed.functionName,
      eventSourceArn: events.queue.queueArn,
      batchSize: BATCH_SIZE,
      maximumBatchingWindowInSeconds: BATCH_WINDOW.toSeconds(),
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: BATCHES_AT_ONCE },
    });
    if (deletions !== null && functions.guard !== undefined) {
      new CfnEventSourceMapping(this, 'GuardSource', {
        functionName: functions.guard.functionName,
        eventSourceArn: deletions.queue.queueArn,
        batchSize: GUARD_BATCH_SIZE,
        maximumBatchingWindowInSeconds: GUARD_WINDOW.toSeconds(),
        functionResponseTypes: ['ReportBatchItemFailures'],
        scalingConfig: { maximumConcurrency: BATCHES_AT_ONCE },
      });
    }
    const { schedules, timeZone } = config.deploy;
    const started = new Schedules(this, 'Schedules', {
      enabled: schedules === 'on',
      timeZone,
      starts: {
        Survey: { expression: config.deploy.survey, ...invoking(survey) },
        // Alarms over many jobs look back three hours at most, however seldom the area is surveyed.
        Metrics: { expression: 'rate(1 hour)', ...invoking(survey), event: { only: 'metrics' } },
        Proof: { expression: 'rate(7 days)', ...invoking(survey), event: { only: 'proof' } },
        // Without the mode "collect", no schedule has the right to start what deletes; in shards the state machine is what
        // plans, and its functions heed the mode.
        Collect: {
          expression: config.deploy.collect,
          ...(config.mode === 'collect' || config.deploy.shards === 'auto'
            ? { target: collection.arn, action: 'states:StartExecution' }
            : invoking(collect)),
        },
        Rules: { expression: config.deploy.rules, ...invoking(rules) },
        ...(functions.states === undefined
          ? {}
          : { States: { expression: config.deploy.states, ...invoking(functions.states) } }),
      },
      failures: this.failures,
    });
    // By its name alone it would not be known to come first.
    started.node.addDependency(machine);
    const queues = deletions === null ? [events] : [events, deletions];
    const deployed = this.settleOnDeploy(made, queues, functions['on-deploy'], {
      notifications,
      configuration,
      mayDropArea: props.mayDropArea,
    });

    const deadLetters = {
      checkpoints: this.deadLetters,
      failures: this.failures,
      ...(deletions === null ? {} : { guard: deletions.deadLetters }),
    };
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
      collection: collection.arn,
      events: events.queue,
      deployed,
    };
    const watching = watch(this, props, watched);
    this.functions = watching.functions;
    this.manualFunction = functions.manual;
    this.alarms = watching.alarms;
    this.#unhealthy = watching.unhealthy;
    this.alarmTopic = watching.alarmTopic;
    this.alarmTopics = watching.alarmTopics;
    this.dashboard = watching.dashboard;
  }

  /**
   * The alarm that says that the steward itself does not work: it fails, is silent, or lost messages. Made when it is first
   * asked for, since it costs something and has no action of its own; null without alarms.
   */
  get unhealthyAlarm(): CompositeAlarm | null {
    return this.#unhealthy();
  }

  private settleOnDeploy(
    made: IBucket | null,
    events: readonly (CheckpointEvents | GuardEvents)[],
    onDeploy: LambdaFunction,
    given: {
      readonly notifications: readonly DeployedNotification[];
      readonly configuration: DeployedConfiguration;
      readonly mayDropArea: boolean | undefined;
    },
  ): CustomResource {
    const deployed = createDeployedResource(this, {
      onDeploy,
      notifications: given.notifications,
      area: this.adopted ? this.area : [],
      mayDropArea: given.mayDropArea ?? [true, 'true'].includes(this.node.tryGetContext('drop-area')),
      configuration: given.configuration,
    });
    for (const event of events) {
      if (made !== null) event.acceptFrom(made.bucketArn);
      // S3 sends a test message before it takes a queue.
      deployed.node.addDependency(event.queue);
    }
    return deployed;
  }
}

function invoking({ functionArn }: LambdaFunction): Pick<Start, 'target' | 'action'> {
  return { target: functionArn, action: 'lambda:InvokeFunction' };
}
