import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { FlinkSteward } from '#infra/flink-steward.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { type DeployedResource, type DeployedStack, stackOf010 } from './stack-0.1.0.ts';
import { bundles, type Statement, useSynthesis } from './synthesise.ts';

/** A stack of version 0.1.0 is updated to what is synthesised today from the same `steward.json`. */

useSynthesis();

/**
 * Properties that CloudFormation answers with a new resource in place of the old one where they change, of the types
 * that the stack has (its template reference, "Update requires: Replacement"). Of what is replaced each time, and holds
 * nothing, none is listed: a version of a layer, and the custom resource, whose own id never changes.
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
  'AWS::SQS::QueuePolicy': [],
  'AWS::Events::Rule': ['EventBusName', 'Name'],
  'AWS::Lambda::LayerVersion': [],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::IAM::Policy': [],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'StartingPosition'],
  'AWS::Lambda::Permission': ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  'AWS::Scheduler::Schedule': ['GroupName', 'Name'],
  'Custom::FlinkStewardOnDeploy': ['ServiceToken'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::SNS::Topic': ['FifoTopic', 'TopicName'],
  'AWS::SNS::TopicPolicy': [],
  'AWS::SNS::Subscription': ['Endpoint', 'Protocol', 'TopicArn'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::EC2::SecurityGroup': ['GroupDescription', 'GroupName', 'VpcId'],
};

/**
 * What goes on purpose: a state machine alone starts `sweep` now, and in the mode "collect" a schedule starts that machine.
 * Code of then that is under way while the stack is updated is refused its start, and so is a schedule in that minute. That
 * deletes nothing; a plan stays in the ledger, and the next night makes another.
 */
const NO_MORE = {
  resources: [/^StewardSweepStartsItself[0-9A-F]{8} is deleted$/],
  grants: [
    /^Steward(?:Collect|Manual)Role[0-9A-F]{8} may lambda:InvokeFunction no more on \S*StewardSweepFunction/,
    /^StewardSchedulesRole[0-9A-F]{8} may lambda:InvokeFunction no more on \S*StewardCollectFunction/,
  ],
};

function unmeant(losses: readonly string[], patterns: readonly RegExp[]): readonly string[] {
  return losses.filter((loss) => !patterns.some((pattern) => pattern.test(loss)));
}

/** By name, since each takes seconds. */
const synthesised = new Map<string, DeployedStack>();

/** A stack as version 0.1.0 deployed it, and what the same `steward.json` gives today. */
function updated(name: 'owned' | 'adopted'): { readonly before: DeployedStack; readonly after: DeployedStack } {
  const before = stackOf010(name);
  const after = synthesised.get(name) ?? synthesiseToday(before);
  synthesised.set(name, after);
  return { before, after };
}

function synthesiseToday({ configuration }: DeployedStack): DeployedStack {
  const app = new App({ context: cdkJson.context });
  const steward = { configuration, bundles: bundles() };
  const template = Template.fromStack(new FlinkStewardStack(app, 'FlinkSteward', { steward })).toJSON();
  return { configuration, Resources: template.Resources, Outputs: template.Outputs };
}

/** What CloudFormation would replace or delete, in words. */
function lossesOf(before: DeployedStack, after: DeployedStack): readonly string[] {
  return Object.entries(before.Resources).flatMap(([id, { Type, Properties }]) => {
    const now = after.Resources[id];
    if (now === undefined) return [`${id} is deleted`];
    if (now.Type !== Type) return [`${id} is a ${now.Type}`];
    const replacing = REPLACING[Type];
    if (replacing === undefined) return [`REPLACING knows no ${Type}`];
    const changed = replacing.filter((key) => JSON.stringify(Properties[key]) !== JSON.stringify(now.Properties[key]));
    return changed.map((key) => `${id} is replaced, because ${key} changes`);
  });
}

function ofType({ Resources }: DeployedStack, type: string): readonly (readonly [string, DeployedResource])[] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}

/** What a role may do: each action on each resource, as text. */
function grantsOf({ Properties }: DeployedResource): readonly { readonly action: string; readonly resource: string }[] {
  const policies = (Properties.Policies ?? []) as readonly {
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  }[];
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().flatMap((resource) =>
          eachOf(Condition).map((condition) => ({
            action,
            resource: `${JSON.stringify(resource)} where ${condition}`,
          })),
        ),
      ),
    );
}

/**
 * What the code of version 0.1.0 needs where a bucket keeps versions alone, and there it is granted still; and what it was
 * granted and did not need.
 */
const WITHDRAWN = [
  { role: 'StewardUndoRole', action: 's3:DeleteObjectVersion' },
  { role: 'StewardUndoRole', action: 's3:GetObject' },
  { role: 'StewardCheckpointCompletedRole', action: 's3:GetIntelligentTieringConfiguration' },
];

/** A condition as text; once for each namespace that it allows. */
function eachOf(condition: Statement['Condition']): readonly string[] {
  const text = JSON.stringify(condition) ?? '';
  const [list, names] = /\[("FlinkSteward\/[^"]+","FlinkSteward")\]/.exec(text) ?? [];
  return list === undefined || names === undefined ? [text] : names.split(',').map((name) => text.replace(list, name));
}

/** Whether a pattern of IAM covers a resource or a narrower pattern. */
function covers(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}

describe.each(['owned', 'adopted'] as const)('A stack of version 0.1.0 with %s buckets', (name) => {
  it('keeps each of its resources when it is updated, and none is replaced', () => {
    const { before, after } = updated(name);

    expect(unmeant(lossesOf(before, after), NO_MORE.resources)).toEqual([]);
  });

  it('keeps its buckets when the stack is deleted or a construct is renamed, after the update too', () => {
    const { before, after } = updated(name);

    const retained = Object.entries(before.Resources).filter(([, resource]) => resource.DeletionPolicy === 'Retain');
    expect(retained.map(([, { Type }]) => Type)).toEqual(
      Array.from({ length: name === 'owned' ? 2 : 1 }, () => ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy']).flat(),
    );
    for (const [id] of retained) {
      // "RetainExceptOnCreate" is the same for what is there.
      expect(after.Resources[id], id).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('goes on encrypting, versioning and closing its buckets, and expires nothing of them sooner', () => {
    const { before, after } = updated(name);

    for (const [id, { Properties }] of ofType(before, 'AWS::S3::Bucket')) {
      expect(after.Resources[id]?.Properties, id).toEqual(Properties);
    }
  });

  it('keeps the names that people and scripts use: of alarms, of the dashboard, of outputs', () => {
    const { before, after } = updated(name);

    const namesOf = (stack: DeployedStack) => [
      ...ofType(stack, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName),
      ...ofType(stack, 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) => Properties.DashboardName),
    ];
    expect(namesOf(before).length).toBeGreaterThan(20);
    expect(namesOf(after)).toEqual(expect.arrayContaining([...namesOf(before)]));
    for (const [output, { Value }] of Object.entries(before.Outputs)) {
      expect(after.Outputs[output]?.Value, output).toEqual(Value);
    }
  });

  it('lets code of version 0.1.0 go on with the roles of today, which come before the code', () => {
    const { before, after } = updated(name);

    const roles = ofType(before, 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThanOrEqual(9);
    const missing = roles.flatMap(([id, role]) => {
      const now = after.Resources[id];
      const grants = now === undefined ? [] : grantsOf(now);
      return grantsOf(role)
        .filter(
          ({ action, resource }) =>
            !WITHDRAWN.some((one) => id.startsWith(one.role) && one.action === action) &&
            !grants.some((one) => one.action === action && covers(one.resource, resource)),
        )
        .map(({ action, resource }) => `${id} may ${action} no more on ${resource}`);
    });
    expect(unmeant(missing, NO_MORE.grants)).toEqual([]);
  });

  it('lets code of today be started as that of version 0.1.0 was', () => {
    const { before, after } = updated(name);

    for (const [id, { Properties }] of ofType(before, 'AWS::Lambda::Function')) {
      const { Handler, Runtime, Architectures } = Properties;
      expect(after.Resources[id]?.Properties, id).toMatchObject({ Handler, Runtime, Architectures });
    }
  });
});

describe('A stack of version 0.1.0 in a network', () => {
  it('keeps its security group, by which JobManagers know the functions', () => {
    // Prepare
    const before = stackOf010('network');
    const stack = new Stack(new App({ context: cdkJson.context }), 'FlinkSteward');
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-0a1b2c3d4e5f60718'],
    });

    // Act
    new FlinkSteward(stack, 'Steward', { vpc, configuration: before.configuration, bundles: bundles() });

    // Assess
    const { Resources } = Template.fromStack(stack).toJSON();
    expect(ofType(before, 'AWS::EC2::SecurityGroup')).toHaveLength(1);
    expect(lossesOf(before, { ...before, Resources })).toEqual([]);
  });
});
