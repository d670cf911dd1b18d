import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { FlinkStewardStack, type FlinkStewardStackProps } from '#infra/flink-steward-stack.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

beforeAll(() => {
  // The validation of templates takes seconds to load; `npm run synth` runs it.
  vi.stubEnv('CDK_VALIDATION', 'false');
});

function synthesise(props?: FlinkStewardStackProps): Template {
  return Template.fromStack(new FlinkStewardStack(new App({ context: cdkJson.context }), 'FlinkSteward', props));
}

describe('FlinkStewardStack', () => {
  it('gives the same template twice', () => {
    expect(JSON.stringify(synthesise().toJSON())).toBe(JSON.stringify(synthesise().toJSON()));
  });

  it('tells the names of both buckets', () => {
    // Act
    const template = synthesise({ steward: { existingBucketName: 'from-terraform' } });

    // Assess
    template.hasOutput('CheckpointBucketName', { Value: 'from-terraform' });
    const [ledgerId] = Object.keys(template.findResources('AWS::S3::Bucket'));
    template.hasOutput('LedgerBucketName', { Value: { Ref: ledgerId } });
  });

  it('says in its description that it deletes nothing, unless another description is given', () => {
    expect(synthesise().toJSON().Description).toBe(
      'Flink Steward: the bucket of the checkpoints and the ledger. No functions yet: this stack surveys nothing and deletes nothing.',
    );
    expect(synthesise({ description: 'Ours' }).toJSON().Description).toBe('Ours');
  });
});
