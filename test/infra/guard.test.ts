import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
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
    const healing = synthesise({ ...ADOPTED, guard: { heal: true } });
    for (const name of ['guard', 'survey'] as const) {
      expect(statementsOf(healing, name).Start?.Action).toBe('lambda:InvokeFunction');
    }
    const off = synthesise({ ...ADOPTED, guard: { mode: 'off', heal: true } });
    expect([statementsOf(off, 'survey').Start, statementsOf(off, 'undo').ReadHiddenRoots]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('reads what a deletion hides only of buckets that keep versions', () => {
    const area = [{ bucket: 's3://my-bucket', versioned: true }, 's3://other-bucket'];

    expect(statementsOf(synthesise({ area, guard: { heal: true } }), 'undo').ReadHiddenRoots).toMatchObject({
      Action: 's3:GetObjectVersion',
      Resource: ['arn:aws:s3:::my-bucket/*metadata*'],
    });
    expect(
      statementsOf(synthesise({ area: ['s3://other-bucket'], guard: { heal: true } }), 'undo').ReadHiddenRoots,
    ).toBe(undefined);
  });

  it('says what it costs to hear of all deletions', () => {
    const said = (guard: 'all' | 'lifecycle') =>
      Annotations.fromStack(Stack.of(synthesise({ ...ADOPTED, guard }).steward))
        .findInfo('*', Match.stringLikeRegexp('flink-steward:guard-all'))
        .map(({ entry }) => entry.data);

    expect(said('all')).toEqual([
      expect.stringContaining('That costs about $1.21 for each million of them (us-east-1)'),
    ]);
    expect(said('lifecycle')).toEqual([]);
  });
});
