import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FlinkSteward } from '#infra/flink-steward.ts';
import type { FlinkStewardProps } from '#infra/flink-steward-props.ts';

/** Of the locations, in an output. With the longest names that is some 2 KB. */
const MOST_SHOWN = 20;

/** One {@link FlinkSteward} and the names that an operator needs from it. */
export interface FlinkStewardStackProps extends StackProps {
  /** @default - a new checkpoint bucket is made, and nothing in it is deleted. */
  readonly steward?: FlinkStewardProps;
}

/** The deployable unit of the thin app. It depends on no account or region, so it synthesises without either. */
export class FlinkStewardStack extends Stack {
  readonly steward: FlinkSteward;

  constructor(scope: Construct, id: string, props: FlinkStewardStackProps = {}) {
    const { steward, ...stackProps } = props;
    super(scope, id, {
      description: 'Flink Steward: keeps the bucket of the checkpoints small without ever breaking a restore.',
      ...stackProps,
    });
    this.steward = new FlinkSteward(this, 'Steward', steward);
    const { area, checkpointBuckets, ledgerBucket, functions, alarmTopic, alarmTopics, dashboard } = this.steward;
    const { deadLetters, failures, metricNamespace } = this.steward;
    new CfnOutput(this, 'CheckpointBucketName', {
      description: 'The buckets for the checkpoint directories of the jobs.',
      value: checkpointBuckets.map(({ bucketName }) => bucketName).join(', '),
    });
    new CfnOutput(this, 'Area', {
      description:
        'What this stack looks after. An update that leaves one of these out fails, unless -c drop-area=true.',
      value: shortened(area),
    });
    new CfnOutput(this, 'LedgerBucketName', {
      description: 'The bucket of the ledger. To keep it in a new deployment: deploy.ledgerBucket in steward.json.',
      value: ledgerBucket.bucketName,
    });
    new CfnOutput(this, 'MetricNamespace', {
      description: 'The CloudWatch namespace of the metrics: signals.namespace in steward.json.',
      value: metricNamespace,
    });
    new CfnOutput(this, 'CheckpointQueueArn', {
      description: 'The queue that buckets tell of new checkpoints.',
      value: this.steward.checkpointQueue.queueArn,
    });
    for (const [at, { bucket, queueConfiguration }] of this.steward.notificationEntries.entries()) {
      new CfnOutput(this, `CheckpointNotification${at + 1}`, {
        description: `The entry for the QueueConfigurations in the notifications of the bucket ${bucket}.`,
        value: this.toJsonString(queueConfiguration),
      });
    }
    for (const [at, { queueConfiguration }] of this.steward.guardEntries.entries()) {
      new CfnOutput(this, `GuardNotification${at + 1}`, {
        description: `The entry by which the notifications of bucket ${at + 1} of the area tell the guard of deletions. Without it, or events for EventBridge, which cost, the guard hears of none.`,
        value: this.toJsonString(queueConfiguration),
      });
    }
    new CfnOutput(this, 'ManualFunctionName', {
      description:
        'The function that answers people. "steward --stack" and the name of this stack asks it: steward --stack FlinkSteward audit',
      value: functions.manual.functionName,
    });
    for (const [name, fn] of Object.entries(functions)) {
      const title = pascalCase(name);
      if (name !== 'manual') {
        new CfnOutput(this, `${title}FunctionName`, { description: `The function ${name}.`, value: fn.functionName });
      }
      new CfnOutput(this, `${title}LogGroup`, {
        description: `The log of the function ${name}.`,
        value: fn.logGroup.logGroupName,
      });
    }
    new CfnOutput(this, 'CheckpointsQueueUrl', {
      description: 'Events of checkpoints that could not be taken in: the queue of the alarm dead-letters-checkpoints.',
      value: deadLetters.queueUrl,
    });
    if (this.steward.guardDeadLetters !== null) {
      new CfnOutput(this, 'GuardDeadLettersQueueUrl', {
        description: 'Events of deletions that could not be taken in: the queue of the alarm dead-letters-guard.',
        value: this.steward.guardDeadLetters.queueUrl,
      });
    }
    new CfnOutput(this, 'FailuresQueueUrl', {
      description: 'Starts of functions that failed for good: the queue of the alarm dead-letters-failures.',
      value: failures.queueUrl,
    });
    new CfnOutput(this, 'CollectionStateMachineArn', {
      description: 'The state machine of the collections. Its history says how each of them ended.',
      value: this.steward.collectionStateMachineArn,
    });
    if (alarmTopic !== null) {
      new CfnOutput(this, 'AlarmTopicArn', {
        description:
          'The topic of the alarms. Subscribe everyone who should receive them, such as Amazon Q in chat applications.',
        value: alarmTopic.topicArn,
      });
    }
    if (alarmTopics !== null) {
      new CfnOutput(this, 'PageTopicArn', {
        description: 'The topic of the alarms that somebody is woken up for.',
        value: alarmTopics.page.topicArn,
      });
      new CfnOutput(this, 'TicketTopicArn', {
        description: 'The topic of the alarms that wait for the morning.',
        value: alarmTopics.ticket.topicArn,
      });
    }
    if (dashboard !== null) {
      new CfnOutput(this, 'DashboardName', {
        description: 'The dashboard in CloudWatch.',
        value: dashboard.dashboardName,
      });
    }
  }
}

/** `checkpoint-completed` as names of outputs are written: `CheckpointCompleted`. */
function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** As many locations as an output surely holds. The custom resource has all of them. */
function shortened(area: readonly string[]): string {
  const shown = area.slice(0, MOST_SHOWN);
  return [...shown, ...(area.length > shown.length ? [`and ${area.length - shown.length} more`] : [])].join(', ');
}
