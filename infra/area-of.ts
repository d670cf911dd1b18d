import { isBucketName } from '#config/aws-names.ts';
import { type AreaEntry, ConfigError, type StewardConfig } from '#config/steward-config.ts';
import { accessPointOf } from '#core/area/access-points.ts';
import type { AreaLocation } from '#core/area/area.ts';
import { bucketLocation, overlapProblem } from '#core/area/overlapping.ts';
import { parseFlinkPath } from '#core/flink/state-path.ts';

/** What `area` of `steward.json` means for a deployment. */

/** A bucket that was there before the deployment, and which part of it the steward manages. */
export interface AdoptedBucket {
  /** May be a token. */
  readonly name: string;
  /** Key prefixes, empty or with a closing slash. */
  readonly prefixes: readonly string[];
  /** ARN of the key that encrypts it. May be a token. */
  readonly kmsKey?: string;
  readonly region?: string;
  /** The account that must own it. */
  readonly owner?: string;
  /** Whether it keeps versions of its objects. @default - nobody has said so */
  readonly versioned?: boolean;
}

/** A bucket of `area`, with the key that names it in messages. */
type BucketEntry = AreaEntry & { readonly kind: 's3' };

/** Settings of which the entries of one bucket must not say two things. */
const SETTINGS_OF_A_BUCKET = ['kmsKey', 'region', 'owner', 'versioned'] as const;

/**
 * The buckets that the area names, in its order; none where one has to be made. A directory is refused: what was meant as
 * a bucket would be left out, and with it the checkpoints in it that name files of the others.
 *
 * @param ofApp locations that the CDK app knows as constructs.
 * @throws ConfigError, naming the key.
 */
export function adoptedBuckets(
  { area, deploy }: StewardConfig,
  ofApp: readonly { readonly location: AreaLocation; readonly bucket: AdoptedBucket }[] = [],
): readonly AdoptedBucket[] {
  const buckets = new Map<string, AdoptedBucket>();
  const locations: AreaLocation[] = [];
  for (const [at, written] of area.entries()) {
    const key = `area[${at}]`;
    const entry = bucketEntry(written, key);
    const location = locationOf(entry, key);
    locations.push(location);
    const name = location.store.slice('s3://'.length);
    if (name === deploy.ledgerBucket) {
      refuse(`${key} and deploy.ledgerBucket are both ${name}. The ledger needs a bucket of its own.`);
    }
    const known = buckets.get(name);
    buckets.set(name, {
      name,
      prefixes: [...(known?.prefixes ?? []), location.prefix],
      ...settingsOf(entry, known, key),
    });
  }
  for (const { location, bucket } of ofApp) {
    locations.push(location);
    const known = buckets.get(bucket.name);
    buckets.set(bucket.name, {
      ...known,
      ...bucket,
      prefixes: [...(known?.prefixes ?? []), ...bucket.prefixes],
    });
  }
  const both = overlapProblem(locations, () => true);
  if (both !== null) {
    refuse(`area: ${both.problem} ${both.advice}`);
  }
  return [...buckets.values()];
}

function bucketEntry(entry: AreaEntry, key: string): BucketEntry {
  if (entry.kind === 'directory') {
    const { path } = entry;
    // What looks like the name of a bucket is meant as one far more often than as a folder.
    const [bucket = ''] = path.split('/');
    const meant = entry.as === undefined && isBucketName(bucket);
    return refuse(
      meant
        ? `${key} is "${path}", which is a directory for the steward, but a deployment manages only buckets. Write "s3://${path}" if that is the bucket that you mean.`
        : `${key} is the directory "${path}", but a deployment manages only buckets. Write a bucket as "s3://bucket/prefix", and keep directories in another configuration for the command line (--config).`,
    );
  }
  if (entry.endpoint !== undefined || entry.pathStyle !== undefined) {
    refuse(
      `${key} (${entry.url}) has an endpoint of its own, but a deployment manages only buckets on AWS. Remove the setting, or use the command line for this bucket.`,
    );
  }
  return entry;
}

function locationOf({ url }: BucketEntry, key: string): AreaLocation {
  const point = accessPointOf(url);
  if (point !== null) {
    refuse(
      `${key} (${url}) is ${point.what}, but roles and events know only the bucket behind it. Write "s3://BUCKET/prefix" with the name of that bucket, and "aliases": {${JSON.stringify(point.name)}: "s3://BUCKET"} if jobs write the other name into their checkpoints.`,
    );
  }
  const path = parseFlinkPath(url);
  const name = path?.authority ?? '';
  if (path === null || !isBucketName(name)) {
    return refuse(
      `${key} contains the bucket name "${name}", which is not a valid name: S3 takes 3 to 63 lower-case letters, digits, hyphens and dots. Correct the location in steward.json.`,
    );
  }
  const location = bucketLocation(url, path);
  if (/[*?]/.test(location.prefix)) {
    refuse(
      `${key} (${url}) contains a wildcard, but a location is a bucket or a folder in it with all that is below. Write "${folderBefore(name, location.prefix)}", or each folder by itself.`,
    );
  }
  return location;
}

/** The URL of the folder above the first wildcard. */
function folderBefore(bucket: string, prefix: string): string {
  const [before = ''] = prefix.split(/[*?]/);
  return `s3://${bucket}/${before}`.replace(/\/[^/]*$/, '');
}

function settingsOf(
  entry: BucketEntry,
  known: AdoptedBucket | undefined,
  key: string,
): Pick<AdoptedBucket, (typeof SETTINGS_OF_A_BUCKET)[number]> {
  const settings = SETTINGS_OF_A_BUCKET.map((setting) => {
    const [mine, other] = [entry[setting], known?.[setting]];
    if (mine !== undefined && other !== undefined && mine !== other) {
      refuse(
        `${key}.${setting} is ${mine}, but another entry of ${known?.name} has ${other}. Set the same value in both.`,
      );
    }
    return [setting, mine ?? other] as const;
  });
  return Object.fromEntries(settings.filter(([, value]) => value !== undefined));
}

/** @throws ConfigError */
export function refuse(why: string): never {
  throw new ConfigError(`${why} Nothing is synthesised.`);
}
