import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '#functions/shared/function-names.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { FlinkSteward, type FlinkStewardProps } from '#infra/index.ts';
import { useDeployments } from '#test/functions/deployed.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { bundles, type Resource, readable, statementsOf, useSynthesis } from './synthesise.ts';

useSynthesis();
const deploy = useDeployments();

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** A stack with a bucket of its own, and a steward that is told of it. */
function synthesiseWith(props: (stack: Stack, bucket: IBucket) => FlinkStewardProps) {
  const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
  const bucket = new Bucket(stack, 'State', { encryption: BucketEncryption.KMS }) as IBucket;
  const steward = new FlinkSteward(stack, 'Steward', { bundles: bundles(), ...props(stack, bucket) });
  const template = Template.fromStack(stack);
  const resources: Readonly<Record<string, Resource>> = template.toJSON().Resources;
  return { steward, template, resources };
}

/** What CloudFormation makes of a value, where each reference is resolved to this name. */
function resolved(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join } = value as { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
  return join[1].map((part) => (typeof part === 'string' ? part : name)).join('');
}

function variablesOf(resources: Readonly<Record<string, Resource>>, id: string): Readonly<Record<string, unknown>> {
  const [, found] = Object.entries(resources).find(([key]) => key.startsWith(`Steward${id}Function`)) ?? [];
  const { Variables } = (found?.Properties.Environment ?? { Variables: {} }) as { Variables: Record<string, unknown> };
  return Variables;
}

describe('A bucket of the same app', () => {
  it('is adopted: roles, events and functions know it by its reference', () => {
    // Act
    const synthesised = synthesiseWith((_, bucket) => ({ checkpointBuckets: [bucket] }));

    // Assess
    const { steward, template } = synthesised;
    expect(steward.adopted).toBe(true);
    template.resourceCountIs('AWS::S3::Bucket', 2);
    expect(statementsOf(synthesised, 'sweep').DeleteByETag?.Resource).toEqual([
      expect.stringMatching(/^arn:aws:s3:::<State\w*>\/\*$/),
    ]);
    expect(statementsOf(synthesised, 'survey').Decrypt).toMatchObject({
      Action: 'kms:Decrypt',
      Resource: [expect.stringMatching(/^<StateKey\w*>$/)],
    });
    template.hasResourceProperties('Custom::FlinkStewardOnDeploy', {
      Area: [{ 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('^State') }]] }],
      Notifications: [],
    });
  });

  it('is what the functions read of their environment once its name is known', async () => {
    // Prepare
    const { resources } = synthesiseWith((_, bucket) => ({
      configuration: { area: ['s3://named-before/flink'] },
      checkpointLocations: [
        { bucket, prefix: 'flink/checkpoints' },
        { bucket, prefix: '/flink/savepoints "of" us/' },
      ],
    }));
    const text = resolved(variablesOf(resources, 'Survey').STEWARD_LOCATIONS, BUCKET);
    const deployed = await deploy({ area: ['s3://named-before/flink'] });
    const runtime = deployed.runtime();

    // Act
    const { places } = await openDeployedSteward({
      ...runtime,
      environment: { ...runtime.environment, STEWARD_LOCATIONS: text },
    });

    // Assess
    expect(places).toEqual([
      's3://named-before/flink',
      `s3://${BUCKET}/flink/checkpoints`,
      `s3://${BUCKET}/flink/savepoints "of" us`,
    ]);
  });

  it('is in no file that the functions read', () => {
    // Act
    const { resources } = synthesiseWith((_, bucket) => ({
      checkpointBuckets: [bucket],
      ledgerBucket: bucketFor(bucket),
    }));

    // Assess
    expect(variablesOf(resources, 'Survey').STEWARD_CONFIG).toBe('/opt/steward.json');
    expect(JSON.stringify(resources)).not.toContain('${Token');
  });

  it('may be in another stack of the app', () => {
    // Prepare
    const app = new App({ context: cdkJson.context });
    const bucket = new Bucket(new Stack(app, 'Storage'), 'State') as IBucket;
    const stack = new Stack(app, 'TestStack');

    // Act
    new FlinkSteward(stack, 'Steward', { bundles: bundles(), checkpointBuckets: [bucket] });

    // Assess
    const { Resources } = Template.fromStack(stack).toJSON();
    const locations = variablesOf(Resources, 'Survey').STEWARD_LOCATIONS;
    expect(JSON.parse(resolved(locations, 'of-the-other-stack'))).toEqual(['s3://of-the-other-stack']);
  });

  it('may hold the ledger, with the use of its key', () => {
    // Act
    const synthesised = synthesiseWith((_, bucket) => ({
      ledgerBucket: bucket,
      configuration: { area: ['s3://one'] },
    }));

    // Assess
    synthesised.template.resourceCountIs('AWS::S3::Bucket', 1);
    expect(resolved(variablesOf(synthesised.resources, 'Survey').STEWARD_LEDGER, 'the-ledger')).toBe('s3://the-ledger');
    expect(statementsOf(synthesised, 'survey').UseLedgerKey?.Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  });

  it.each([
    [
      'two of them overlap',
      (bucket: IBucket) => ({ checkpointBuckets: [bucket], checkpointLocations: [{ bucket, prefix: 'a' }] }),
      'area: a in the bucket TestStack/State is inside the bucket TestStack/State',
    ],
    [
      'it holds checkpoints and the ledger',
      (bucket: IBucket) => ({ checkpointBuckets: [bucket], ledgerBucket: bucket }),
      'The property ledgerBucket is a bucket of the area.',
    ],
    [
      'two ledgers are named',
      (bucket: IBucket) => ({ ledgerBucket: bucket, configuration: { deploy: { ledgerBucket: 'one' } } }),
      'both name a bucket. Remove one of them.',
    ],
    [
      'a prefix is a pattern',
      (bucket: IBucket) => ({ checkpointLocations: [{ bucket, prefix: 'a/*' }] }),
      'The prefix "a/*" of the bucket TestStack/State contains a wildcard',
    ],
    [
      'there are more than fit into an environment',
      (bucket: IBucket) => ({
        checkpointLocations: Array.from({ length: 40 }, (_, at) => ({ bucket, prefix: `team-${at}` })),
      }),
      'name 40 locations, which are more than the environment of a function holds',
    ],
  ])('is refused where %s', (_, props, sentence) => {
    expect(() => synthesiseWith((_stack, bucket) => props(bucket))).toThrow(sentence);
  });

  it.each([
    [
      (bucket: IBucket) => ({ area: [`s3://${bucket.bucketName}/flink`] }),
      'area[0] of the configuration is a value that is known only at deployment, but the functions read the configuration as it is at synthesis. Give buckets of this app to the properties checkpointBuckets or checkpointLocations. Nothing is synthesised.',
    ],
    [(bucket: IBucket) => ({ area: [{ bucket: `s3://${bucket.bucketName}` }] }), 'area[0].bucket of the configuration'],
    [
      (bucket: IBucket) => ({ deploy: { ledgerBucket: bucket.bucketName } }),
      'Give the bucket to the property ledgerBucket.',
    ],
    [(bucket: IBucket) => ({ aliases: { [`s3://${bucket.bucketName}`]: 's3://one' } }), 'Write the value itself.'],
  ])('is refused inside of the configuration (%#)', (configuration, sentence) => {
    expect(() => synthesiseWith((_, bucket) => ({ configuration: configuration(bucket) }))).toThrow(sentence);
  });
});

/** Another bucket, by name. */
function bucketFor({ stack }: IBucket): IBucket {
  return Bucket.fromBucketName(stack, 'Other', 'the-other');
}

describe('The encryption of buckets that are made', () => {
  const encryptionsOf = (template: Template) =>
    Object.values(template.findResources('AWS::S3::Bucket')).map(
      ({ Properties }) => Properties.BucketEncryption.ServerSideEncryptionConfiguration[0],
    );

  it('is with the keys that steward.json names, which the roles may use', () => {
    // Prepare
    const other = KEY.replace('1234abcd', '5678abcd');
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');

    // Act
    new FlinkSteward(stack, 'Steward', {
      configuration: { deploy: { bucketKmsKey: KEY, ledgerKmsKey: other } },
      bundles: bundles(),
    });

    // Assess
    const template = Template.fromStack(stack);
    const made = { template, resources: template.toJSON().Resources, steward: undefined as never };
    expect(encryptionsOf(template)).toEqual(
      [KEY, other].map((KMSMasterKeyID) => ({
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { KMSMasterKeyID, SSEAlgorithm: 'aws:kms' },
      })),
    );
    expect(statementsOf(made, 'survey').Decrypt?.Resource).toEqual([KEY]);
    expect(statementsOf(made, 'survey').UseLedgerKey?.Resource).toEqual([other]);
  });

  it('lets every function that uses the ledger use its key', () => {
    // Prepare
    const stack = new Stack(new App({ context: cdkJson.context }), 'TestStack');
    const slack = { secretName: 'my-webhook' };

    // Act
    new FlinkSteward(stack, 'Steward', {
      configuration: { area: ['s3://one'], signals: { slack }, deploy: { ledgerBucket: 'kept', ledgerKmsKey: KEY } },
      bundles: bundles(),
    });

    // Assess
    const template = Template.fromStack(stack);
    const made = { template, resources: template.toJSON().Resources, steward: undefined as never };
    const using = FUNCTION_NAMES.filter((name) => 'UseLedgerKey' in statementsOf(made, name));
    const ofLedger = FUNCTION_NAMES.filter((name) => 'Ledger' in statementsOf(made, name));
    expect(using).toEqual(ofLedger);
    expect(using).toContain('notify-slack');
    const reading = FUNCTION_NAMES.filter((name) => 'ReadLedger' in statementsOf(made, name));
    expect(reading.filter((name) => !using.includes(name))).toEqual([]);
  });

  it('is with the key of the app, and what becomes of them is its decision', () => {
    // Act
    const { template, resources } = synthesiseWith((stack) => ({
      encryptionKey: new Key(stack, 'OwnKey'),
      removalPolicy: RemovalPolicy.DESTROY,
    }));

    // Assess
    const ours = Object.entries(resources).filter(([id]) => /^Steward(?:Checkpoints|Ledger)/.test(id));
    expect(ours.map(([, { Type, DeletionPolicy }]) => `${Type} ${DeletionPolicy}`)).toEqual([
      'AWS::S3::Bucket Delete',
      'AWS::S3::BucketPolicy Delete',
      'AWS::S3::Bucket Delete',
      'AWS::S3::BucketPolicy Delete',
    ]);
    const keys = encryptionsOf(template).map((one) =>
      readable(one.ServerSideEncryptionByDefault.KMSMasterKeyID).join(),
    );
    expect(keys.filter((key) => key.startsWith('<OwnKey'))).toHaveLength(2);
  });

  it('is as the app says', () => {
    const { template } = synthesiseWith(() => ({ encryption: BucketEncryption.KMS_MANAGED }));
    const managed = encryptionsOf(template).filter(
      (one) => one.ServerSideEncryptionByDefault.KMSMasterKeyID === undefined,
    );
    expect(managed).toEqual(
      Array.from({ length: 2 }, () => ({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } })),
    );
  });
});
