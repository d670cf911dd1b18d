import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { StewardJson } from '#infra/flink-steward.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
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
    const [ledgerId] = Object.keys(template.findResources('AWS::S3::Bucket'));
    template.hasOutput('LedgerBucketName', { Value: { Ref: ledgerId } });
    template.hasOutput('ManualFunctionName', {});
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
