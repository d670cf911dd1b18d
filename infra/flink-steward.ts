import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** What an operator decides about the buckets of {@link FlinkSteward}. */
export interface FlinkStewardProps {
  /**
   * Name of a bucket that holds checkpoints already, for instance one from Terraform. It is adopted as it is:
   * none of its settings is changed, and it stays where it is when the stack goes.
   *
   * @default - a new bucket is created; its name is the stack output of the app.
   */
  readonly existingBucketName?: string;
}

/** The oldest TLS version that the created buckets answer to. */
const MINIMUM_TLS_VERSION = 1.2;

/**
 * The storage of the steward: the bucket of the checkpoints, created or adopted, and the ledger, a bucket of its
 * own that holds what must outlive any run (pins, retired roots, the pause switch).
 *
 * There are no functions yet. Deploying this construct surveys nothing and deletes nothing; the command line does
 * the looking.
 */
export class FlinkSteward extends Construct {
  // `Bucket` is named beside the interface because CDK's own class is none under `exactOptionalPropertyTypes`.
  /** Where Flink writes. */
  readonly checkpointBucket: IBucket | Bucket;
  /** Where the steward keeps its records. No Flink job needs access to it. */
  readonly ledgerBucket: Bucket;
  /** Whether the checkpoint bucket belongs to someone else, so that none of its settings is ours to write. */
  readonly adopted: boolean;

  /** @throws Error when `existingBucketName` is given and is not a possible bucket name. */
  constructor(scope: Construct, id: string, props: FlinkStewardProps = {}) {
    super(scope, id);
    this.adopted = props.existingBucketName !== undefined;
    this.checkpointBucket =
      props.existingBucketName === undefined
        ? this.createCheckpointBucket()
        : Bucket.fromBucketName(this, 'Checkpoints', props.existingBucketName);
    this.ledgerBucket = this.createLedgerBucket();
  }

  private createCheckpointBucket(): Bucket {
    const bucket = this.createBucket('Checkpoints', {
      // Flink deletes subsumed files all day; a versioned bucket would go on paying for every one of them.
      versioned: false,
      // No `lifecycleRules`, ever. Age says nothing about liveness: a rule that expires old objects expires shared
      // files that the newest checkpoint still names, and no restore works after that. Besides, S3 keeps one
      // lifecycle document per bucket, so a second writer of harmless rules and a deployment of this stack would
      // overwrite each other.
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Access logs of a checkpoint bucket are a second heap of objects that grows with every checkpoint. Who needs a record of access turns on CloudTrail data events for the bucket.',
    });
    return bucket;
  }

  private createLedgerBucket(): Bucket {
    const bucket = this.createBucket('Ledger', {
      // Retired roots and pins are state: one mistaken write must not be the end of them.
      versioned: true,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Only the steward and its operators use the ledger. Who needs a record of access turns on CloudTrail data events for the bucket.',
    });
    return bucket;
  }

  /** A bucket with what holds for every bucket of ours: private, encrypted, TLS only, and there to stay. */
  private createBucket(id: string, props: BucketProps): Bucket {
    const bucket = new Bucket(this, id, {
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
    // The policy is a resource of its own. Were it to go with the stack, the bucket that stays would answer to
    // requests without TLS from then on.
    bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return bucket;
  }
}
