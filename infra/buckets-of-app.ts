import { Token } from 'aws-cdk-lib';
import { ConfigError } from '#config/steward-config.ts';
import type { AreaLocation } from '#core/area/area.ts';
import { type AdoptedBucket, refuse } from '#infra/area-of.ts';
import type { CheckpointBucketsProps, CheckpointLocation } from '#infra/checkpoint-buckets-props.ts';

/**
 * Buckets that the same CDK app knows as constructs. Their names may be known only at deployment, when `steward.json` has
 * long been written; so they come as properties, and the functions get them through their environment.
 */

/** One of these locations. */
export interface LocationOfApp {
  /** As the area knows it, by the path of the construct. */
  readonly location: AreaLocation;
  readonly bucket: AdoptedBucket;
}

/** What all environment variables of a function may hold together is 4 KB: Lambda developer guide, "Quotas". */
const MOST_CHARACTERS = 3_000;
/** The longest name of a bucket, which is not known yet. */
const LONGEST_NAME = 63;

/** @throws ConfigError */
export function locationsOfApp({
  checkpointBuckets = [],
  checkpointLocations = [],
}: CheckpointBucketsProps): readonly LocationOfApp[] {
  const locations = [...checkpointBuckets.map((bucket): CheckpointLocation => ({ bucket })), ...checkpointLocations];
  const room = locations.reduce((sum, { prefix = '' }) => sum + prefix.length + LONGEST_NAME + 's3://"",'.length, 0);
  if (room > MOST_CHARACTERS) {
    refuse(
      `The properties checkpointBuckets and checkpointLocations name ${locations.length} locations, which are more than the environment of a function holds. Name those whose names are known in "area" of the configuration, or the folders above them.`,
    );
  }
  return locations.map(locationOfApp);
}

function locationOfApp({ bucket, prefix = '' }: CheckpointLocation): LocationOfApp {
  const what = `the bucket ${bucket.node.path}`;
  if (/[*?]/.test(prefix)) {
    refuse(`The prefix "${prefix}" of ${what} contains a wildcard, but it is a folder. Write the folder above.`);
  }
  const key = prefix.replace(/^\/+|\/+$/g, '').replaceAll(/\/{2,}/g, '/');
  const folder = key === '' ? '' : `${key}/`;
  const kmsKey = bucket.encryptionKey?.keyArn;
  return {
    location: {
      name: key === '' ? what : `${key} in ${what}`,
      store: `s3://${bucket.bucketName}`,
      prefix: folder,
      hidden: 0,
    },
    bucket: { name: bucket.bucketName, prefixes: [folder], ...(kmsKey === undefined ? {} : { kmsKey }) },
  };
}

/** Which property takes what a configuration can't hold. */
const PROPERTIES: readonly (readonly [key: RegExp, property: string])[] = [
  [/^area\b/, 'Give buckets of this app to the properties checkpointBuckets or checkpointLocations.'],
  [/^deploy\.ledgerBucket$/, 'Give the bucket to the property ledgerBucket.'],
  [/^deploy\.(?:bucketKmsKey|ledgerKmsKey)$/, 'Give the key to the property encryptionKey.'],
  [/^deploy\.vpc\b/, 'Give the network to the properties vpc, vpcSubnets and securityGroups.'],
];

/**
 * Refuses what CDK replaces only in the template: the functions would read its stand-in for a name.
 *
 * @throws ConfigError, naming the key and the property to use.
 */
export function refuseTokens(configuration: unknown): void {
  const key = keyOfToken(configuration, '');
  if (key === null) return;
  const advice = PROPERTIES.find(([pattern]) => pattern.test(key))?.[1] ?? 'Write the value itself.';
  throw new ConfigError(
    `${key} of the configuration is a value that is known only at deployment, but the functions read the configuration as it is at synthesis. ${advice} Nothing is synthesised.`,
  );
}

function keyOfToken(value: unknown, path: string): string | null {
  if (Token.isUnresolved(value)) return path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
    const found = Token.isUnresolved(name) ? at : keyOfToken(inner, at);
    if (found !== null) return found;
  }
  return null;
}
