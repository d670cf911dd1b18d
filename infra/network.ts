import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ConfigError, type StewardConfig } from '#config/steward-config.ts';
import type { NetworkProps } from '#infra/network-props.ts';
import { allow } from '#infra/permissions.ts';

/** The network of the functions that ask Flink's clusters, where those answer inside of one only. */

export interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** @throws ConfigError where the network is named twice. */
export function networkOf(scope: Construct, props: NetworkProps, { deploy }: StewardConfig): Network | null {
  const { vpc, vpcSubnets, securityGroups } = props;
  if (vpc === undefined) {
    return deploy.vpc === undefined
      ? null
      : { subnetIds: deploy.vpc.subnets, securityGroupIds: deploy.vpc.securityGroups };
  }
  if (deploy.vpc !== undefined) {
    throw new ConfigError(
      'deploy.vpc of steward.json and the property vpc of the construct both name a network. Nothing is synthesised; remove one of them.',
    );
  }
  const groups = securityGroups ?? [
    new SecurityGroup(scope, 'SecurityGroup', {
      vpc,
      // Never another one: EC2 would replace the group, and JobManagers that let it in by its id would refuse the next.
      description: 'Functions of Flink Steward: everything out, nothing in.',
    }),
  ];
  return {
    subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    securityGroupIds: groups.map(({ securityGroupId }) => securityGroupId),
  };
}

const ATTACHING = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** What Lambda does in a role's name to attach a function to a network (its developer guide, "Execution role permissions"). */
export function networkStatements(): PolicyStatement[] {
  return [
    allow('AttachToNetwork', ATTACHING, ['*']),
    // Requests that code inside a function makes carry the function's name; those that Lambda makes for it do not.
    new PolicyStatement({
      sid: 'NeverFromItsCode',
      effect: Effect.DENY,
      actions: ATTACHING,
      resources: ['*'],
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  ];
}
