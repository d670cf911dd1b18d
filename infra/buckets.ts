import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** The buckets that a deployment makes. */

/** The oldest TLS version that they answer to. */
const MINIMUM_TLS_VERSION = 1.2;

/** Days after which lifecycle rules delete from the ledger: sent notifications, and replaced documents. */
const RESULTS_DAYS = 30;
const PLANS_DAYS = 30;
const OBSERVATIONS_DAYS = 400;
const REPLACED_DAYS = 90;

export function createCheckpointBucket(scope: Construct): Bucket {
  const bucket = createBucket(scope, 'Checkpoints', {
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
 */
export function createLedgerBucket(scope: Construct): Bucket {
  const bucket = createBucket(scope, 'Ledger', {
    // Retired roots and pins are state: one mistaken write must not be the end of them.
    versioned: true,
    lifecycleRules: [
      { id: 'results', prefix: 'results/', expiration: Duration.days(RESULTS_DAYS) },
      { id: 'plans', prefix: 'plans/', expiration: Duration.days(PLANS_DAYS) },
      { id: 'observations', prefix: 'observations/', expiration: Duration.days(OBSERVATIONS_DAYS) },
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
function createBucket(scope: Construct, id: string, props: BucketProps): Bucket {
  const bucket = new Bucket(scope, id, {
    ...props,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    // Not KMS: jobs and restores would depend on a second permission, and each request on a second service.
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: MINIMUM_TLS_VERSION,
    // Checkpoints are what jobs restart from. They must outlive a mistaken `cdk destroy` or a renamed construct.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // The policy is a resource of its own. If it were deleted with the stack, the kept bucket would answer to requests
  // without TLS from then on.
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return bucket;
}
