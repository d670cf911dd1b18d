import { CustomResource, Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { ToldEvents } from '#adapters/s3/notification-entry.ts';
import type { DeployedConfiguration } from '#infra/deployed-configuration.ts';

/** The custom resource with which CloudFormation tells the function `on-deploy` of each deployment. */

/** Which bucket tells which queue of what: by an entry of this id, below this prefix. */
export interface DeployedNotification {
  readonly Bucket: string;
  readonly Queue: string;
  readonly Id?: string;
  readonly Prefix?: string;
  /** @default completed checkpoints */
  readonly Events?: ToldEvents;
}

export interface DeployedProps {
  readonly onDeploy: LambdaFunction;
  readonly notifications: readonly DeployedNotification[];
  /** URLs of the adopted locations; empty where a bucket is made. */
  readonly area: readonly string[];
  /** Whether locations of the deployment before may be left out. */
  readonly mayDropArea: boolean;
  readonly configuration: DeployedConfiguration;
}

/** Not by CDK's own notifications: their handler replaces those of others, and may do so in every bucket. */
export function createDeployedResource(scope: Construct, props: DeployedProps): CustomResource {
  return new CustomResource(scope, 'Deployed', {
    serviceToken: props.onDeploy.functionArn,
    resourceType: 'Custom::FlinkStewardOnDeploy',
    serviceTimeout: Duration.minutes(6),
    properties: {
      Notifications: props.notifications,
      Area: props.area,
      ...(props.mayDropArea ? { MayDropArea: 'true' } : {}),
      // A changed configuration has the lifecycle rules looked at again.
      ...props.configuration.said,
    },
  });
}
