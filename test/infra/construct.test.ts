import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { ALARMS } from '#core/signals/alarms.ts';
import { METRICS_OF_FLEET } from '#core/signals/metrics.ts';
import { FlinkSteward, type IFlinkSteward } from '#infra/index.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { bundles, useSynthesis } from './synthesise.ts';

useSynthesis();

function synthesise(configuration = {}) {
  const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
  const steward = new FlinkSteward(stack, 'Steward', { configuration, bundles: bundles() });
  return { stack, steward };
}

/** The interfaces of which the properties of the construct consist. */
const PROPERTIES = ['flink-steward-props', 'buckets', 'checkpoint-buckets-props', 'network-props', 'watching-props'];

describe('The properties of the construct', () => {
  it.each(PROPERTIES)('all say what holds without them: infra/%s.ts', (file) => {
    // Prepare
    const text = readFileSync(new URL(`../../infra/${file}.ts`, import.meta.url), 'utf8');
    const interfaces = [...text.matchAll(/^export interface (\w+Props|CheckpointLocation)\b[^{]*\{\n(.*?)^\}/gms)];

    // Act
    const optional = interfaces.flatMap(([, , body = '']) =>
      [...body.matchAll(/((?: {2}\/\*\*(?:(?!\*\/).)*\*\/\n)?) {2}readonly (\w+)\?:/gs)].map(([, doc = '', name]) => ({
        name,
        isSaid: doc.includes('@default'),
      })),
    );

    // Assess
    expect(optional.length).toBeGreaterThan(0);
    expect(optional.filter(({ isSaid }) => !isSaid).map(({ name }) => name)).toEqual([]);
  });

  it('name no library for parsing', () => {
    const texts = PROPERTIES.map((file) => readFileSync(new URL(`../../infra/${file}.ts`, import.meta.url), 'utf8'));
    expect(texts.join('\n')).not.toMatch(/from 'zod'/);
  });
});

describe('The grants', () => {
  it('let somebody invoke the function manual and read the ledger, and nothing else', () => {
    // Prepare
    const { stack, steward } = synthesise();
    const grantee = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });

    // Act
    steward.grantInvokeManual(grantee);
    steward.grantReadLedger(grantee);

    // Assess
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Operator') }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: Match.arrayWith([{ 'Fn::GetAtt': [Match.stringLikeRegexp('^StewardManualFunction'), 'Arn'] }]),
          },
          {
            Effect: 'Allow',
            Action: ['s3:GetBucket*', 's3:GetObject*', 's3:List*'],
            Resource: Match.arrayWith([{ 'Fn::GetAtt': [Match.stringLikeRegexp('^StewardLedger'), 'Arn'] }]),
          },
        ],
      },
    });
  });
});

describe('The metrics', () => {
  const METHODS = METRICS_OF_FLEET.map(({ name }) => name);

  it('have a method for each gauge of all jobs', () => {
    // Prepare
    const { steward } = synthesise();
    const methods: Readonly<Record<string, unknown>> = steward as never;

    // Act
    const missing = METHODS.filter((name) => typeof methods[`metric${name}`] !== 'function');

    // Assess
    expect(missing).toEqual(['GrowthBytesPerDay', 'ReclaimableShare']);
  });

  it('are in the namespace of the deployment, with the statistic that fits', () => {
    // Prepare
    const { steward } = synthesise({ signals: { namespace: 'Ours' } });

    // Act
    const metrics = [
      steward.metricTotalBytes(),
      steward.metricRestorePoints(),
      steward.metricHeartbeat({ statistic: 'Average', label: 'alive' }),
      steward.metricForJob('orders-cdc', 'CheckpointBytes'),
      steward.metric('GrowthBytesPerDay'),
    ];

    // Assess
    expect(metrics.map((metric) => metric.toMetricConfig().metricStat)).toMatchObject([
      { namespace: 'Ours', metricName: 'TotalBytes', statistic: 'Maximum' },
      { namespace: 'Ours', metricName: 'RestorePoints', statistic: 'Minimum' },
      { namespace: 'Ours', metricName: 'Heartbeat', statistic: 'Average' },
      {
        namespace: 'Ours',
        metricName: 'CheckpointBytes',
        statistic: 'Maximum',
        dimensions: [{ name: 'Job', value: 'orders-cdc' }],
      },
      { namespace: 'Ours', metricName: 'GrowthBytesPerDay', statistic: 'Maximum' },
    ]);
  });

  it('each give their own gauge', () => {
    const { steward } = synthesise();
    const named = METHODS.filter((name) => !['GrowthBytesPerDay', 'ReclaimableShare'].includes(name));
    const methods = steward as unknown as Readonly<Record<string, () => { readonly metricName: string }>>;
    expect(named.map((name) => methods[`metric${name}`]?.().metricName)).toEqual(named);
  });
});

describe('The alarms of the construct', () => {
  it('are objects, by what follows the prefix in their names', () => {
    // Act
    const { steward } = synthesise();

    // Assess
    expect(Object.keys(steward.alarms)).toEqual(
      expect.arrayContaining(['size-jump', 'silent', 'failing-survey', 'dead-letters-checkpoints']),
    );
    const alarms = Template.fromStack(Stack.of(steward)).findResources('AWS::CloudWatch::Alarm');
    expect(Object.keys(alarms)).toHaveLength(Object.keys(steward.alarms).length);
  });

  it('can be changed and given actions', () => {
    // Prepare
    const { stack, steward } = synthesise();

    // Act
    steward.alarms.silent?.addAlarmAction({ bind: () => ({ alarmActionArn: 'arn:of-a-pager' }) });

    // Assess
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('-silent$'),
      AlarmActions: Match.arrayWith(['arn:of-a-pager']),
    });
  });

  it('are one in which the steward itself is unhealthy, for whoever asks for it', () => {
    // Prepare
    const { stack, steward } = synthesise();

    // Act
    const asked = [steward.unhealthyAlarm, steward.unhealthyAlarm];

    // Assess
    expect(asked[0]).toBe(asked[1]);
    const [unhealthy] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(unhealthy?.Properties.AlarmName).toMatch(/-unhealthy$/);
    expect(unhealthy?.Properties.AlarmActions).toBeUndefined();
    const rule = JSON.stringify(unhealthy?.Properties.AlarmRule);
    for (const id of Object.keys(steward.alarms)) {
      const isOfSteward = ALARMS.some(
        (kind) => id.startsWith(kind.id) && (kind.id === 'silent' || kind.source.of.startsWith('AWS/')),
      );
      const logicalId = `StewardAlarms${id.replaceAll('-', '')}`;
      expect(rule.includes(logicalId), id).toBe(isOfSteward);
    }
  });

  it('are no more than those where nobody asks for it', () => {
    const { stack } = synthesise();
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::CompositeAlarm', 0);
  });

  it('are none where nobody wants them', () => {
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
    const steward = new FlinkSteward(stack, 'Steward', { alarms: false, bundles: bundles() });
    expect([steward.alarms, steward.unhealthyAlarm]).toEqual([{}, null]);
  });
});

describe('A steward of another stack', () => {
  it('can be asked, read and watched by its names', () => {
    // Prepare
    const stack = new Stack(new App({ context: cdkJson.context }), 'Other');
    const steward: IFlinkSteward = FlinkSteward.fromFlinkStewardAttributes(stack, 'Steward', {
      manualFunctionName: 'the-manual',
      ledgerBucketName: 'the-ledger',
      metricNamespace: 'Ours',
    });
    const grantee = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });

    // Act
    steward.grantInvokeManual(grantee);

    // Assess
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain(':function:the-manual');
    expect(steward.metricJobs().namespace).toBe('Ours');
  });
});
