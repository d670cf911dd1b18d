import { Aws, Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { collectionDefinition } from '#infra/collection-definition.ts';
import { allow } from '#infra/permissions.ts';
import { acknowledgeWildcards } from '#infra/steward-function.ts';

export interface CollectionProps {
  /** What the collection starts; nobody else starts `sweep`. */
  readonly functions: Readonly<Record<'collect' | 'sweep', IFunction> & Partial<Record<'shards' | 'shard', IFunction>>>;
  /** The bucket of the ledger, with the ARN of the key that encrypts it. */
  readonly ledger: { readonly name: string; readonly kmsKey?: string };
  readonly logRetention: RetentionDays;
}

/** Of the names of state machines and of log groups together with their prefix. */
const LONGEST_NAME = 80;

/** The actions by which Step Functions sets up the delivery of a log (its guide, "Logging using CloudWatch Logs"). */
const DELIVER_LOG = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

/**
 * What the state machine of a collection is called, and its ARN. They are known before it is made: `manual` starts it, and
 * it starts `collect`, which names `manual`.
 */
export interface CollectionName {
  readonly name: string;
  readonly arn: string;
}

/** The name of the state machine in a scope. */
export function collectionName(scope: Construct): CollectionName {
  const name = `${Names.uniqueResourceName(scope, { maxLength: LONGEST_NAME - '-collection'.length, separator: '-' })}-collection`;
  return { name, arn: `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:stateMachine:${name}` };
}

/** The state machine that runs collections: its history says of each how it went. */
export class Collection extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name, arn }: CollectionName,
    { functions, ledger, logRetention }: CollectionProps,
  ) {
    super(scope, id);
    const { collect, sweep, shards, shard } = functions;
    const inShards =
      shards === undefined || shard === undefined ? null : { shards: shards.functionArn, shard: shard.functionArn };
    const log = new LogGroup(this, 'Log', {
      // Under this prefix, a log adds nothing to the one policy by which all services of an account deliver logs.
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const ofMaps = inShards === null ? [] : runningMaps(arn, ledger);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Role of the state machine of the collections of Flink Steward.',
      inlinePolicies: {
        steward: new PolicyDocument({
          statements: [
            allow(
              'Start',
              ['lambda:InvokeFunction'],
              [collect.functionArn, sweep.functionArn, ...Object.values(inShards ?? {})],
            ),
            ...ofMaps,
            new PolicyStatement({ sid: 'DeliverLog', actions: DELIVER_LOG, resources: ['*'] }),
          ],
        }),
      },
    });
    acknowledgeWildcards(role, ofMaps);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The actions by which a service sets up the delivery of its log support no resources.',
    });
    const definition = collectionDefinition(
      { collect: collect.functionArn, sweep: sweep.functionArn, inShards },
      Aws.PARTITION,
    );
    const machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: Stack.of(this).toJsonString(definition),
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: true,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: log.logGroupArn } }],
      },
    });
    // The service tries the role when the machine is made.
    machine.node.addDependency(role);
    Validations.of(machine).acknowledge({
      id: 'AwsSolutions-SF2',
      reason:
        'The history of an execution has every step with its times, and the functions are not traced, so X-Ray would add the same times once more.',
    });
  }
}

/** What a Distributed Map takes of the role: Step Functions guide, "IAM policies for using Distributed Map states". */
function runningMaps(machine: string, ledger: CollectionProps['ledger']): PolicyStatement[] {
  const executions = machine.replace(':stateMachine:', ':execution:');
  return [
    allow('StartItems', ['states:StartExecution'], [machine]),
    allow('FollowItems', ['states:DescribeExecution', 'states:StopExecution'], [`${executions}:*`, `${executions}/*`]),
    allow('ReadItems', ['s3:GetObject'], [`arn:${Aws.PARTITION}:s3:::${ledger.name}/shards/*/items.json`]),
    ...(ledger.kmsKey === undefined ? [] : [allow('DecryptItems', ['kms:Decrypt'], [ledger.kmsKey])]),
  ];
}
