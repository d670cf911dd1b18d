import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** The buckets that a deployment makes. */

/** What an operator decides about the buckets that are made. */
export interface MadeBucketsProps {
  /**
   * How the buckets are encrypted that are made, for checkpoints and for the ledger. With a KMS key, jobs need its use too.
   *
   * @default - `KMS` with an `encryptionKey`, or where the configuration names a key; else `S3_MANAGED`.
   */
  readonly encryption?: BucketEncryption;
  /**
   * The key that encrypts the buckets that are made.
   *
   * @default - `deploy.bucketKmsKey` and `deploy.ledgerKmsKey` of the configuration; without them, none.
   */
  readonly encryptionKey?: IKey;
  /**
   * What becomes of the buckets that are made when the stack is deleted. One that is deleted must be empty.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE; only a deployment that fails when it makes them takes them away.
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The oldest TLS version that they answer to. */
const MINIMUM_TLS_VERSION = 1.2;

/** Days after which lifecycle rules delete from the ledger: sent notifications, files of runs in shards, replaced documents. */
const RESULTS_DAYS = 30;
const PLANS_DAYS = 30;
const OBSERVATIONS_DAYS = 400;

const REPLACED_DAYS = 90;
/** What runs in shards leave: others than the replaced documents are of no use as noncurrent versions. */
const OF_SHARDS: LifecycleRule = {
  id: 'shards',
  prefix: 'shards/',
  expiration: Duration.days(7),
  noncurrentVersionExpiration: Duration.days(1),
};

export function createCheckpointBucket(scope: Construct, made: MadeBucketsProps): Bucket {
  const bucket = createBucket(scope, 'Checkpoints', made, {
    // Flink deletes subsumed files all day; a versioned bucket would go on paying for every one of them.
    versioned: false,
    // No `lifecycleRules`, ever. Age says nothing about liveness: a rule that expires old objects expires shared files
    // that the newest checkpoint still names, and no restore works after that. Besides, S3 keeps one lifecycle
    // document per bucket, so the function that writes the harmless rules and a deployment would overwrite each other.
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs of a checkpoint bucket are objects too, and grow with every checkpoint. If you need a record of access, turn on CloudTrail data events for the bucket.',
  });
  return bucket;
}

/**
 * The bucket of the ledger. Here CDK does declare lifecycle rules, because nobody else writes any: they take what was told
 * once and what has been replaced. Runs, state and retired roots never go.
 *
 * @param inShards whether runs in shards leave files in it, which nobody needs any more a week later.
 */
export function createLedgerBucket(scope: Construct, made: MadeBucketsProps, inShards: boolean): Bucket {
  const bucket = createBucket(scope, 'Ledger', made, {
    // Retired roots and pins are state: one mistaken write must not be the end of them.
    versioned: true,
    lifecycleRules: [
      { id: 'results', prefix: 'results/', expiration: Duration.days(RESULTS_DAYS) },
      { id: 'plans', prefix: 'plans/', expiration: Duration.days(PLANS_DAYS) },
      { id: 'observations', prefix: 'observations/', expiration: Duration.days(OBSERVATIONS_DAYS) },
      ...(inShards ? [OF_SHARDS] : []),
      {
        id: 'replaced',
        noncurrentVersionExpiration: Duration.days(REPLACED_DAYS),
        expiredObjectDeleteMarker: true,
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Only the steward and its operators use the ledger. If you need a record of access, turn on CloudTrail data events for the bucket.',
  });
  return bucket;
}

/** A bucket with what holds for every bucket of ours: private, encrypted, TLS only, and there to stay. */
function createBucket(scope: Construct, id: string, made: MadeBucketsProps, props: BucketProps): Bucket {
  const { encryptionKey } = made;
  // Not KMS by default: jobs and restores would depend on a second permission, and each request on a second service.
  const encryption =
    made.encryption ?? (encryptionKey === undefined ? BucketEncryption.S3_MANAGED : BucketEncryption.KMS);
  const hasKey = encryption === BucketEncryption.KMS || encryption === BucketEncryption.DSSE;
  // Checkpoints are what jobs restart from. They must outlive a mistaken `cdk destroy` or a renamed construct. A bucket of
  // a deployment that failed holds none, and would be left over at each attempt.
  const removalPolicy = made.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
  const bucket = new Bucket(scope, id, {
    ...props,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption,
    ...(encryptionKey === undefined ? {} : { encryptionKey }),
    // A request to KMS for each object would cost more than the objects.
    ...(hasKey ? { bucketKeyEnabled: true } : {}),
    enforceSSL: true,
    minimumTLSVersion: MINIMUM_TLS_VERSION,
    removalPolicy,
  });
  // The policy is a resource of its own. If it were deleted with the stack, the kept bucket would answer to requests
  // without TLS from then on.
  bucket.policy?.applyRemovalPolicy(removalPolicy);
  return bucket;
}
