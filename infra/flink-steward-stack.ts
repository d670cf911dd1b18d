import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FlinkSteward, type FlinkStewardProps } from '#infra/flink-steward.ts';

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
    const { checkpointBuckets, ledgerBucket, functions, alarmTopic, dashboard, metricNamespace } = this.steward;
    new CfnOutput(this, 'CheckpointBucketName', {
      description: 'The buckets for the checkpoint directories of the jobs.',
      value: checkpointBuckets.map(({ bucketName }) => bucketName).join(', '),
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
    new CfnOutput(this, 'ManualFunctionName', {
      description:
        'To ask the steward and to act: aws lambda invoke --function-name … --payload \'{"action":"audit"}\'',
      value: functions.manual.functionName,
    });
    if (alarmTopic !== null) {
      new CfnOutput(this, 'AlarmTopicArn', {
        description:
          'The topic of the alarms. Subscribe everyone who should receive them, such as Amazon Q in chat applications.',
        value: alarmTopic.topicArn,
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
