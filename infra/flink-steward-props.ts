import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { StewardJson } from '#config/steward-json.ts';
import type { MadeBucketsProps } from '#infra/buckets.ts';
import type { CheckpointBucketsProps } from '#infra/checkpoint-buckets-props.ts';
import type { NetworkProps } from '#infra/network-props.ts';
import type { WatchingProps } from '#infra/watching-props.ts';

/** What an operator decides about `FlinkSteward`. */
export interface FlinkStewardProps extends CheckpointBucketsProps, MadeBucketsProps, NetworkProps, WatchingProps {
  /**
   * What the steward shall do, in the words of `steward.json`, which the command line understands too. Buckets that
   * `area` names are adopted as they are: their settings are not changed, and they are kept when the stack is deleted.
   *
   * It is read as it is at synthesis: names that are known only at deployment are refused. Those of buckets of this app
   * come through `checkpointBuckets` and `ledgerBucket`.
   *
   * @default - a new bucket is made for the checkpoints, and nothing in it is deleted ("mode": "observe").
   */
  readonly configuration?: StewardJson;
  /**
   * How the functions get the configuration: as a layer, or in their environment, which has room for 2,000 characters of
   * it.
   *
   * @default layer
   */
  readonly configurationIn?: 'layer' | 'environment';
  /**
   * The bucket in which the steward keeps its records, where it is one of this app. No Flink job needs access to it.
   *
   * @default - what `deploy.ledgerBucket` of the configuration says, else a new one.
   */
  readonly ledgerBucket?: IBucket;
  /**
   * Memory of the functions that survey an area, in MiB. A million objects take some 250 MiB, and Lambda gives a whole
   * processor from 1,769 MiB on.
   *
   * @default - `deploy.memory` of the configuration, which is 3008 by default.
   */
  readonly memorySize?: number;
  /**
   * How long the functions' logs are kept. What was deleted, when and why, is kept in the ledger.
   *
   * @default - `deploy.logRetention` of the configuration, which is 180 days by default.
   */
  readonly logRetention?: RetentionDays;
  /**
   * The folder of the functions' bundles.
   *
   * @default - those that come with the package; in a clone, what `npm run build` writes: dist/functions
   */
  readonly bundles?: string;
  /**
   * The region that the stack goes to, where that is known, so that a bucket of another one is refused now and not by
   * the deployment.
   *
   * @default - the deployment finds out.
   */
  readonly region?: string;
  /**
   * The account that the stack goes to, where that is known, so that a bucket of another owner is refused now.
   *
   * @default - the deployment finds out.
   */
  readonly account?: string;
  /**
   * Names of adopted buckets that keep versions, beside those of which the configuration says so. Only there may `undo`
   * remove delete markers.
   *
   * @default - none
   */
  readonly versionedBuckets?: readonly string[];
  /**
   * Whether an update may leave out buckets that the deployment before it looked after. Otherwise it fails, since a
   * `steward.json` that is not there looks the same.
   *
   * @default - whether the context says it: `cdk deploy -c drop-area=true`
   */
  readonly mayDropArea?: boolean;
}
