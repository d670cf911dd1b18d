import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { FlinkSteward, type FlinkStewardProps } from '#infra/flink-steward.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

beforeAll(() => {
  // The validation of templates takes seconds to load; `npm run synth` runs it.
  vi.stubEnv('CDK_VALIDATION', 'false');
});

function synthesise(props?: FlinkStewardProps) {
  const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
  const steward = new FlinkSteward(stack, 'Steward', props);
  return { stack, steward, template: Template.fromStack(stack) };
}

/** The bucket of the template whose logical id begins like the construct's path. */
function bucketOf(template: Template, construct: 'Checkpoints' | 'Ledger') {
  const found = Object.entries(template.findResources('AWS::S3::Bucket')).filter(([id]) =>
    id.startsWith(`Steward${construct}`),
  );
  expect(found).toHaveLength(1);
  const [id, resource] = found[0] ?? ['', {}];
  return { id, resource };
}

function policyOf(template: Template, bucketId: string) {
  const policies = Object.values(
    template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: bucketId } } }),
  );
  expect(policies).toHaveLength(1);
  return policies[0] ?? {};
}

/** The statements of the one policy of a bucket, without their resources. */
function deniedBy(template: Template, bucketId: string): unknown[] {
  return policyOf(template, bucketId).Properties.PolicyDocument.Statement.map(
    (statement: { Effect: string; Action: string; Principal: unknown; Condition: unknown }) => ({
      effect: statement.Effect,
      action: statement.Action,
      principal: statement.Principal,
      condition: statement.Condition,
    }),
  );
}

const TLS_ONLY = [
  {
    effect: 'Deny',
    action: 's3:*',
    principal: { AWS: '*' },
    condition: { Bool: { 'aws:SecureTransport': 'false' } },
  },
  {
    effect: 'Deny',
    action: 's3:*',
    principal: { AWS: '*' },
    condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
  },
];

const CREATED = {
  Properties: {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  },
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
};

describe('FlinkSteward with a bucket of its own', () => {
  it('creates a private, encrypted checkpoint bucket that outlives the stack', () => {
    // Act
    const { steward, template } = synthesise();

    // Assess
    expect(bucketOf(template, 'Checkpoints').resource).toMatchObject(CREATED);
    expect(steward.adopted).toBe(false);
  });

  it('leaves the checkpoint bucket unversioned and without any lifecycle rule', () => {
    // Act
    const { template } = synthesise();

    // Assess
    const { Properties: properties } = bucketOf(template, 'Checkpoints').resource as { Properties: object };
    expect(properties).not.toHaveProperty('VersioningConfiguration');
    expect(properties).not.toHaveProperty('LifecycleConfiguration');
  });

  it('creates a versioned ledger bucket that is as private and outlives the stack too', () => {
    // Act
    const { template } = synthesise();

    // Assess
    const ledger = bucketOf(template, 'Ledger').resource;
    expect(ledger).toMatchObject(CREATED);
    expect(ledger).toMatchObject({ Properties: { VersioningConfiguration: { Status: 'Enabled' } } });
  });

  it.each(['Checkpoints', 'Ledger'] as const)('answers nobody without TLS 1.2 or newer on the %s bucket', (name) => {
    // Act
    const { template } = synthesise();

    // Assess
    expect(deniedBy(template, bucketOf(template, name).id)).toEqual(TLS_ONLY);
  });

  it.each(['Checkpoints', 'Ledger'] as const)('leaves the TLS rule on the %s bucket when the stack goes', (name) => {
    // Act
    const { template } = synthesise();

    // Assess
    expect(policyOf(template, bucketOf(template, name).id)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('creates nothing but the two buckets and their policies', () => {
    // Act
    const { template } = synthesise();

    // Assess
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map((r) => r.Type);
    expect(types.sort()).toEqual([
      'AWS::S3::Bucket',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::S3::BucketPolicy',
    ]);
  });
});

describe('FlinkSteward with an adopted bucket', () => {
  it('refers to the bucket by its name and declares nothing about it', () => {
    // Act
    const { stack, steward, template } = synthesise({ existingBucketName: 'from-terraform' });

    // Assess
    expect(stack.resolve(steward.checkpointBucket.bucketName)).toBe('from-terraform');
    expect(steward.adopted).toBe(true);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::S3::BucketPolicy', 1);
    expect(JSON.stringify(template.toJSON())).not.toContain('from-terraform');
  });

  it('creates the ledger bucket as ever', () => {
    // Act
    const { template } = synthesise({ existingBucketName: 'from-terraform' });

    // Assess
    const { id, resource } = bucketOf(template, 'Ledger');
    expect(resource).toMatchObject(CREATED);
    expect(deniedBy(template, id)).toEqual(TLS_ONLY);
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: Match.absent(),
    });
  });

  it.each(['', 's3://bucket/flink', 'arn:aws:s3:::bucket'])('refuses "%s", which names no bucket', (name) => {
    expect(() => synthesise({ existingBucketName: name })).toThrow(/bucket name/i);
  });
});
