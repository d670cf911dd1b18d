import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FlinkSteward, type FlinkStewardProps } from '#infra/flink-steward.ts';

/** One {@link FlinkSteward} and the names that an operator needs from it. */
export interface FlinkStewardStackProps extends StackProps {
  /** @default - a new checkpoint bucket is created. */
  readonly steward?: FlinkStewardProps;
}

/** The deployable unit of the thin app. It depends on no account or region, so it synthesises without either. */
export class FlinkStewardStack extends Stack {
  readonly steward: FlinkSteward;

  constructor(scope: Construct, id: string, props: FlinkStewardStackProps = {}) {
    const { steward, ...stackProps } = props;
    super(scope, id, {
      description:
        'Flink Steward: the bucket of the checkpoints and the ledger. No functions yet: this stack surveys nothing and deletes nothing.',
      ...stackProps,
    });
    this.steward = new FlinkSteward(this, 'Steward', steward);
    new CfnOutput(this, 'CheckpointBucketName', {
      description: 'The bucket for the checkpoint directories of the jobs.',
      value: this.steward.checkpointBucket.bucketName,
    });
    new CfnOutput(this, 'LedgerBucketName', {
      description: "The bucket of the steward's own records.",
      value: this.steward.ledgerBucket.bucketName,
    });
  }
}
