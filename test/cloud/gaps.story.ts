import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { Aws } from './aws.ts';
import { eventually } from './eventually.ts';

/** A newer MiniStack may lack less. Then something is to be removed from gaps.ts. */
describe('What MiniStack lacks', () => {
  const environment = inject('environment');
  const aws = new Aws(environment);
  afterAll(() => aws.end());

  it('is an alarm over a query', async () => {
    // Prepare
    const query = { Id: 'q', Expression: 'SELECT MAX(a) FROM SCHEMA("b")', Period: 3600, ReturnData: true };
    const Properties = {
      Metrics: [query],
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Threshold: 1,
    };
    const template = { Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties } } };

    // Act
    const StackName = 'AlarmOverAQuery';
    await aws.call('cloudformation', 'create_stack', { StackName, TemplateBody: JSON.stringify(template) });

    // Assess
    const status = await eventually(
      async () => (await aws.call('cloudformation', 'describe_stacks', { StackName })).Stacks[0].StackStatus,
      (answer) => !answer.endsWith('_IN_PROGRESS'),
    );
    expect(status).toBe('ROLLBACK_COMPLETE');
  });

  it('is the condition key of a namespace', async () => {
    // Prepare
    const UserName = 'publisher';
    const condition = { StringEquals: { 'cloudwatch:namespace': 'Own' } };
    const statement = { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: condition };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await aws.call('iam', 'create_user', { UserName });
    await aws.call('iam', 'put_user_policy', { UserName, PolicyName: 'publish', PolicyDocument });
    const { AccessKey } = await aws.call('iam', 'create_access_key', { UserName });
    const client = new CloudWatchClient({
      endpoint: environment.AWS_ENDPOINT_URL ?? '',
      region: environment.AWS_REGION ?? '',
      credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey },
    });

    // Act
    const published = client.send(
      new PutMetricDataCommand({ Namespace: 'Own', MetricData: [{ MetricName: 'a', Value: 1 }] }),
    );

    // Assess
    await expect(published).rejects.toThrow('not authorized');
  });
});
