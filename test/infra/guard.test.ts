import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { statementsOf, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

const ADOPTED = { area: ['s3://my-bucket/flink', 's3://other-bucket'] };

describe('The guard of a deployment', () => {
  it('hears of deletions in batches of seconds, and hands messages back one by one', () => {
    const { template } = synthesise();

    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('StewardDeletionsQueue'), 'Arn'] },
      MaximumBatchingWindowInSeconds: 20,
      BatchSize: 1_000,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('is not there where it is off', () => {
    const { resources, steward } = synthesise({ ...ADOPTED, guard: 'off' });

    expect(JSON.stringify(resources)).not.toMatch(/flink-steward-guard|StewardDeletions|StewardGuard/);
    expect([steward.guardQueue, steward.guardDeadLetters, steward.guardEntries]).toEqual([null, null, []]);
  });

  it.each([
    ['lifecycle', ['s3:LifecycleExpiration:*'], { reason: ['Lifecycle Expiration'] }],
    ['all', ['s3:LifecycleExpiration:*', 's3:ObjectRemoved:*'], { reason: Match.absent() }],
  ] as const)('is told by adopted buckets of what it is to hear: %s', (guard, Events, detail) => {
    const { template, steward } = synthesise({ ...ADOPTED, guard });

    expect(steward.guardEntries.map(({ bucket, queueConfiguration }) => [bucket, queueConfiguration])).toMatchObject([
      ['my-bucket', { Events, Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'flink/' }] } } }],
      ['other-bucket', { Events }],
    ]);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Deleted'],
        detail: { bucket: { name: ['my-bucket', 'other-bucket'] }, ...detail },
      },
    });
  });

  it('may start what heals only where that is asked for', () => {
    expect(statementsOf(synthesise(ADOPTED), 'guard').Start).toBeUndefined();
    expect(statementsOf(synthesise({ ...ADOPTED, guard: { heal: true } }), 'guard').Start?.Action).toBe(
      'lambda:InvokeFunction',
    );
  });
});
