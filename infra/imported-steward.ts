import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { FlinkStewardBase } from '#infra/flink-steward-base.ts';

/** What another stack says of its steward, in its outputs. */
export interface FlinkStewardAttributes {
  /** The output `ManualFunctionName`. */
  readonly manualFunctionName: string;
  /** The output `LedgerBucketName`. */
  readonly ledgerBucketName: string;
  /** The output `MetricNamespace`. */
  readonly metricNamespace: string;
}

/** A steward that another stack has made. */
export class ImportedSteward extends FlinkStewardBase {
  readonly manualFunction: IFunction;
  readonly ledgerBucket: IBucket;
  readonly metricNamespace: string;

  constructor(scope: Construct, id: string, attributes: FlinkStewardAttributes) {
    super(scope, id);
    this.manualFunction = LambdaFunction.fromFunctionName(this, 'Manual', attributes.manualFunctionName);
    this.ledgerBucket = Bucket.fromBucketName(this, 'Ledger', attributes.ledgerBucketName);
    this.metricNamespace = attributes.metricNamespace;
  }
}
