import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import type { StewardJson } from '#infra/index.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { bundles, useSynthesis } from './synthesise.ts';

useSynthesis();

function synthesise(configuration: StewardJson = {}): Template {
  const steward = { configuration, bundles: bundles() };
  return Template.fromStack(new FlinkStewardStack(new App({ context: cdkJson.context }), 'FlinkSteward', { steward }));
}

/** What changes with the code of the functions. */
function withoutAssets(template: Template): unknown {
  return JSON.parse(JSON.stringify(template.toJSON()).replaceAll(/[0-9a-f]{64}(?=\.zip)/g, 'ASSET'));
}

describe('FlinkStewardStack', () => {
  it('tells the names that an operator needs', () => {
    // Act
    const template = synthesise({ area: ['s3://from-terraform/flink', 's3://another'] });

    // Assess
    template.hasOutput('CheckpointBucketName', { Value: 'from-terraform, another' });
    template.hasOutput('Area', { Value: 's3://from-terraform/flink, s3://another' });
    const [ledgerId] = Object.keys(template.findResources('AWS::S3::Bucket'));
    template.hasOutput('LedgerBucketName', { Value: { Ref: ledgerId } });
    template.hasOutput('ManualFunctionName', {});
  });

  it('tells twenty locations of many', () => {
    // Act
    const template = synthesise({ area: Array.from({ length: 23 }, (_, at) => `s3://one/${at}`) });

    // Assess
    template.hasOutput('Area', { Value: Match.stringLikeRegexp('^s3://one/0, .*, s3://one/19, and 3 more$') });
  });

  it.each([
    ['by the context', { 'drop-area': 'true' }, {}, 'true'],
    ['by its property', {}, { mayDropArea: true }, 'true'],
    ['and the property counts', { 'drop-area': 'true' }, { mayDropArea: false }, undefined],
    ['not by itself', {}, {}, undefined],
  ])('may leave out what it looked after before: %s', (_, context, props, said) => {
    // Prepare
    const app = new App({ context: { ...cdkJson.context, ...context } });

    // Act
    const stack = new FlinkStewardStack(app, 'FlinkSteward', { steward: { bundles: bundles(), ...props } });

    // Assess
    const [resource] = Object.values(Template.fromStack(stack).findResources('Custom::FlinkStewardOnDeploy'));
    expect(resource?.Properties.MayDropArea).toBe(said);
    expect(resource?.Properties.ConfigurationHash).toMatch(/^[0-9a-f]{64}$/);
    expect(resource?.Properties).not.toHaveProperty('Configuration');
  });

  it('says at synthesis that it makes a bucket, because steward.json names none', () => {
    // Prepare
    const stack = new FlinkStewardStack(new App({ context: cdkJson.context }), 'FlinkSteward', {
      steward: { bundles: bundles() },
    });

    // Act
    const remarks = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('flink-steward:area'));

    // Assess
    expect(remarks.map(({ entry }) => entry.data)).toEqual([
      expect.stringMatching(
        /^steward\.json names no bucket in "area", or there is no such file here, so the stack makes a bucket/,
      ),
    ]);
  });

  it('is, with a bucket of its own, what it was when somebody last looked at all of it', async () => {
    await expect(`${JSON.stringify(withoutAssets(synthesise()), null, 1)}\n`).toMatchFileSnapshot(
      '__snapshots__/created-bucket.json.snap',
    );
  });

  it('is, with adopted buckets, what it was when somebody last looked at all of it', async () => {
    const kmsKey = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const template = synthesise({
      area: ['s3://one/flink/checkpoints', { bucket: 's3://two', region: 'eu-central-1', kmsKey }],
      mode: 'collect',
    });
    await expect(`${JSON.stringify(withoutAssets(template), null, 1)}\n`).toMatchFileSnapshot(
      '__snapshots__/adopted-buckets.json.snap',
    );
  });
});
