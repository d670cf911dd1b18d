import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { FlinkSteward } from '#infra/flink-steward.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { bundles, idOf, type Resource, statementsOf, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

const VPC = { subnets: ['subnet-0a1b2c3d', 'subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d'] };
/** Those that survey, and so ask the clusters. */
const ASKING: readonly FunctionName[] = ['survey', 'collect', 'sweep', 'undo', 'manual'];

function vpcConfigOf(resources: Readonly<Record<string, Resource>>, name: FunctionName): unknown {
  const found = Object.entries(resources).find(([id]) => id.startsWith(`Steward${idOf(name)}Function`));
  return found?.[1].Properties.VpcConfig;
}

describe('The network', () => {
  it('is none, unless somebody names one', () => {
    const { resources } = synthesise();
    for (const name of FUNCTION_NAMES) {
      expect(vpcConfigOf(resources, name), name).toBeUndefined();
    }
  });

  it('of the configuration is that of the functions that ask the clusters, and of no others', () => {
    // Act
    const synthesised = synthesise({ flinkRest: ['http://jobmanager.internal:8081'], deploy: { vpc: VPC } });

    // Assess
    const within = FUNCTION_NAMES.filter((name) => vpcConfigOf(synthesised.resources, name) !== undefined);
    expect([...within].sort()).toEqual([...ASKING].sort());
    for (const name of ASKING) {
      expect(vpcConfigOf(synthesised.resources, name), name).toEqual({
        SubnetIds: VPC.subnets,
        SecurityGroupIds: VPC.securityGroups,
      });
    }
  });

  it('is one that Lambda may attach them to, and their own code may not', () => {
    // Act
    const synthesised = synthesise({ deploy: { vpc: VPC } });

    // Assess
    for (const name of FUNCTION_NAMES) {
      const { AttachToNetwork, NeverFromItsCode } = statementsOf(synthesised, name);
      if (ASKING.includes(name)) {
        expect(AttachToNetwork?.Effect, name).toBe('Allow');
        expect(AttachToNetwork?.Action, name).toContain('ec2:CreateNetworkInterface');
        expect(NeverFromItsCode, name).toMatchObject({
          Effect: 'Deny',
          Action: AttachToNetwork?.Action,
          Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } },
        });
      } else {
        expect([AttachToNetwork, NeverFromItsCode], name).toEqual([undefined, undefined]);
      }
    }
  });

  it('can be one of the CDK application, with a security group that lets nothing in', () => {
    // Prepare
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-1'],
      isolatedSubnetIds: ['subnet-2'],
    });

    // Act
    const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
    new FlinkSteward(stack, 'Steward', { bundles: bundles(), vpc, vpcSubnets });

    // Assess
    const template = Template.fromStack(stack);
    const groups = template.findResources('AWS::EC2::SecurityGroup');
    const [[id, group] = ['', {}], ...others] = Object.entries(groups);
    expect(others).toEqual([]);
    expect(group.Properties.SecurityGroupIngress).toBeUndefined();
    expect(vpcConfigOf(template.toJSON().Resources, 'survey')).toEqual({
      SubnetIds: ['subnet-2'],
      SecurityGroupIds: [{ 'Fn::GetAtt': [id, 'GroupId'] }],
    });
  });

  it('is refused where two are named', () => {
    // Prepare
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-central-1a'] });

    // Act and assess
    const configuration = { deploy: { vpc: VPC } };
    expect(() => new FlinkSteward(stack, 'Steward', { bundles: bundles(), configuration, vpc })).toThrow(
      'deploy.vpc of steward.json and the property vpc of the construct both name a network.',
    );
  });

  it.each([
    [{ subnets: [], securityGroups: ['sg-0a1b2c3d'] }, 'deploy.vpc.subnets'],
    [{ subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d4'] }, 'deploy.vpc.securityGroups[0]'],
    [{ subnets: ['subnet-0a1b2c3d'] }, 'deploy.vpc.securityGroups'],
  ])('is refused by the name of the key where it is no network: %j', (vpc, key) => {
    const text: object = { deploy: { vpc } };
    expect(() => synthesise(text)).toThrow(key);
  });
});
