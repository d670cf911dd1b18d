import type { Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { FlinkStewardProps, StewardJson } from '#infra/index.ts';

/**
 * One configuration of each kind that people deploy, by a name for tests. Whatever holds for every template, such as what
 * AWS takes and what roles hold, is tested with all of them.
 */

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const REGION = 'eu-central-1';
/** A company with a prefix for each team. */
const TEAMS = 60;

export const SAMPLE_CONFIGURATIONS: Readonly<Record<string, StewardJson>> = {
  'a bucket of its own': {},
  'an adopted bucket': { area: ['s3://my-bucket/flink'] },
  'several buckets with KMS keys': {
    area: [
      's3://my-bucket/flink/checkpoints',
      's3://my-bucket/flink/savepoints',
      { bucket: 's3://my-other-bucket', region: REGION, kmsKey: `arn:aws:kms:${REGION}:123456789012:key/${KEY}` },
    ],
    lifecycle: { manage: 'write' },
  },
  'everything on': {
    area: ['s3://my-bucket/flink'],
    mode: 'collect',
    scope: 'area',
    retain: [{ path: '**', endedJobs: { keepLast: 1, keepWithin: '30d' }, savepoints: { keepWithin: '90d' } }],
    collect: { failedSavepoints: true },
    signals: {
      budget: { default: '500GB' },
      runbookUrl: 'https://wiki.example.org/flink-steward/runbook',
      slack: { secretName: 'flink-steward/webhook', reportLink: false },
    },
    deploy: { timeZone: 'Europe/Berlin', survey: 'rate(4 hours)', collect: 'cron(30 4 ? * MON-FRI *)' },
  },
  [`${TEAMS} locations`]: {
    area: Array.from(
      { length: TEAMS },
      (_, team) => `s3://company-flink-state-prod/teams/team-${String(team).padStart(2, '0')}/checkpoints`,
    ),
    mode: 'collect',
  },
  'inside a VPC': {
    area: ['s3://my-bucket/flink'],
    flinkRest: ['http://jobmanager.internal:8081'],
    deploy: { vpc: { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] } },
  },
  'adopted buckets that the deployment lets notify': {
    area: ['s3://my-bucket/flink', 's3://my-other-bucket'],
    deploy: { notifications: 'merge' },
  },
  'a ledger that was there before': {
    area: ['s3://my-bucket/flink'],
    deploy: { ledgerBucket: 'my-ledger', ledgerKmsKey: `arn:aws:kms:${REGION}:123456789012:key/${KEY}` },
  },
  'buckets with KMS keys of your own': {
    deploy: {
      bucketKmsKey: `arn:aws:kms:${REGION}:123456789012:key/${KEY}`,
      ledgerKmsKey: `arn:aws:kms:${REGION}:123456789012:key/${KEY}`,
      memory: 10_240,
      logRetention: '30d',
      schedules: 'off',
    },
  },
};

/** The same, and what only a CDK app of one's own can say; each makes what it needs in the stack. */
export const SAMPLE_PROPS: Readonly<Record<string, (stack: Stack) => FlinkStewardProps>> = {
  ...Object.fromEntries(
    Object.entries(SAMPLE_CONFIGURATIONS).map(([name, configuration]) => [name, () => ({ configuration })]),
  ),
  'buckets of the same app': (stack) => ({
    checkpointBuckets: [bucketOf(stack, 'Checkpoints')],
    checkpointLocations: [{ bucket: bucketOf(stack, 'Savepoints'), prefix: 'flink/savepoints' }],
    ledgerBucket: bucketOf(stack, 'Records'),
  }),
  'a network of the same app': (stack) => ({
    configuration: { area: ['s3://my-bucket/flink'] },
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-0a1b2c3d4e5f60718'],
      privateSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718'],
    }),
  }),
  'an adopted bucket that keeps versions': () => ({
    configuration: { area: ['s3://my-bucket/flink'], mode: 'collect' },
    versionedBuckets: ['my-bucket'],
  }),
  'a channel of Amazon Q': () => ({ amazonQ: { slackWorkspaceId: 'T0123ABCD', slackChannelId: 'C0123ABCD' } }),
};

function bucketOf(stack: Stack, id: string): IBucket {
  return new Bucket(stack, id, { encryption: BucketEncryption.KMS, enforceSSL: true }) as IBucket;
}
