import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { StewardConfig } from '#config/steward-config.ts';
import { type AdoptedBucket, adoptedBuckets, refuse } from '#infra/area-of.ts';
import { createCheckpointBucket, createLedgerBucket, type MadeBucketsProps } from '#infra/buckets.ts';
import { locationsOfApp } from '#infra/buckets-of-app.ts';
import type { CheckpointBucketsProps } from '#infra/checkpoint-buckets-props.ts';
import type { AreaBucket } from '#infra/permissions.ts';

/** The buckets of a deployment: made, named by the configuration, or given by the CDK app. */

export interface StewardBucketsProps extends CheckpointBucketsProps, MadeBucketsProps {
  readonly ledgerBucket?: IBucket;
  readonly versionedBuckets?: readonly string[];
}

export interface StewardBuckets {
  readonly adopted: readonly AdoptedBucket[];
  /** The checkpoint bucket that the deployment makes; null where all are adopted. */
  readonly made: IBucket | null;
  readonly checkpointBuckets: readonly IBucket[];
  readonly ledgerBucket: IBucket;
  /** ARN of the key that encrypts the ledger. */
  readonly ledgerKmsKey: string | undefined;
  readonly area: readonly AreaBucket[];
  /** URLs of what is looked after: `s3://bucket/prefix`. */
  readonly locations: readonly string[];
  /** Those of them that the configuration does not name. */
  readonly locationsOfApp: readonly string[];
}

/** @throws ConfigError */
export function bucketsOf(scope: Construct, config: StewardConfig, props: StewardBucketsProps): StewardBuckets {
  const { bucketKmsKey, ledgerKmsKey } = config.deploy;
  const ofApp = locationsOfApp(props);
  const adopted = adoptedBuckets(config, ofApp);
  const made =
    adopted.length > 0
      ? null
      : asInterface(createCheckpointBucket(scope, madeWith(scope, props, 'CheckpointKey', bucketKmsKey)));
  const area =
    made === null
      ? adopted.map((bucket) => ({ versioned: props.versionedBuckets?.includes(bucket.name) === true, ...bucket }))
      : [{ name: made.bucketName, prefixes: [''], ...keyOf(made) }];
  const ledgerBucket = ledgerOf(scope, props, config, adopted);
  return {
    adopted,
    made,
    checkpointBuckets: made === null ? adopted.map((bucket, at) => bucketOf(scope, bucket, at, props)) : [made],
    ledgerBucket,
    ledgerKmsKey: ledgerBucket.encryptionKey?.keyArn ?? ledgerKmsKey,
    area,
    locations: area.flatMap(urlsOf),
    locationsOfApp: ofApp.flatMap(({ bucket }) => urlsOf(bucket)),
  };
}

function madeWith(scope: Construct, props: MadeBucketsProps, id: string, kmsKey: string | undefined): MadeBucketsProps {
  return kmsKey === undefined || props.encryptionKey !== undefined
    ? props
    : { ...props, encryptionKey: Key.fromKeyArn(scope, id, kmsKey) };
}

function keyOf({ encryptionKey }: IBucket): { readonly kmsKey?: string } {
  return encryptionKey === undefined ? {} : { kmsKey: encryptionKey.keyArn };
}

function bucketOf(
  scope: Construct,
  { name }: AdoptedBucket,
  at: number,
  { checkpointBuckets = [], checkpointLocations = [] }: CheckpointBucketsProps,
): IBucket {
  const own = [...checkpointBuckets, ...checkpointLocations.map(({ bucket }) => bucket)];
  return (
    own.find(({ bucketName }) => bucketName === name) ?? Bucket.fromBucketName(scope, `Checkpoints${at + 1}`, name)
  );
}

function ledgerOf(
  scope: Construct,
  props: StewardBucketsProps,
  { deploy }: StewardConfig,
  adopted: readonly AdoptedBucket[],
): IBucket {
  const { ledgerBucket } = props;
  if (ledgerBucket === undefined) {
    return deploy.ledgerBucket === undefined
      ? asInterface(
          createLedgerBucket(scope, madeWith(scope, props, 'LedgerKey', deploy.ledgerKmsKey), deploy.shards === 'auto'),
        )
      : Bucket.fromBucketName(scope, 'Ledger', deploy.ledgerBucket);
  }
  if (deploy.ledgerBucket !== undefined) {
    refuse(
      'deploy.ledgerBucket of steward.json and the property ledgerBucket of the construct both name a bucket. Remove one of them.',
    );
  }
  if (adopted.some(({ name }) => name === ledgerBucket.bucketName)) {
    refuse('The property ledgerBucket is a bucket of the area. The ledger needs a bucket of its own.');
  }
  return ledgerBucket;
}

function urlsOf({ name, prefixes }: Pick<AreaBucket, 'name' | 'prefixes'>): readonly string[] {
  return prefixes.map((prefix) => `s3://${name}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`);
}

/** CDK's own class is none of its interface under `exactOptionalPropertyTypes`. */
function asInterface(bucket: Bucket): IBucket {
  return bucket as IBucket;
}
