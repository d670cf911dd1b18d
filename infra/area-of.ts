import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ConfigError, type StewardConfig } from '#config/steward-config.ts';

/** What `steward.json` means for a deployment. */

/** A bucket that was there before the deployment, and which part of it the steward manages. */
export interface AdoptedBucket {
  readonly name: string;
  /** Key prefixes, empty or with a closing slash. */
  readonly prefixes: readonly string[];
  /** ARN of the key that encrypts it. */
  readonly kmsKey?: string;
  readonly region?: string;
}

/**
 * The buckets that the area names, in its order; none where one has to be made. A directory is refused: what was meant as
 * a bucket would be left out, and with it the checkpoints in it that name files of the others.
 *
 * @throws ConfigError, naming the key.
 */
export function adoptedBuckets({ area, deploy }: StewardConfig): readonly AdoptedBucket[] {
  const buckets = new Map<string, AdoptedBucket>();
  for (const [at, entry] of area.entries()) {
    const key = `area[${at}]`;
    if (entry.kind === 'directory') {
      return refuse(
        `${key} is the directory "${entry.path}", but a deployment manages only buckets. Write a bucket as "s3://bucket/prefix", and keep directories in another configuration for the command line (--config).`,
      );
    }
    if (entry.endpoint !== undefined || entry.pathStyle !== undefined) {
      refuse(
        `${key} (${entry.url}) has an endpoint of its own, but a deployment manages only buckets on AWS. Remove the setting, or use the command line for this bucket.`,
      );
    }
    const [, name = '', path = ''] = /^s3:\/\/([^/]*)\/*(.*)$/s.exec(entry.url) ?? [];
    requirePossible(name, key);
    if (name === deploy.ledgerBucket) {
      refuse(`${key} and deploy.ledgerBucket are both ${name}. The ledger needs a bucket of its own.`);
    }
    const known = buckets.get(name);
    for (const setting of ['kmsKey', 'region'] as const) {
      if (known?.[setting] !== undefined && entry[setting] !== undefined && known[setting] !== entry[setting]) {
        refuse(
          `${key}.${setting} is ${entry[setting]}, but another entry of ${name} has ${known[setting]}. Set the same value in both.`,
        );
      }
    }
    const { kmsKey = known?.kmsKey, region = known?.region } = entry;
    buckets.set(name, {
      name,
      prefixes: [...(known?.prefixes ?? []), path === '' ? '' : `${path.replace(/\/+$/, '')}/`],
      ...(kmsKey === undefined ? {} : { kmsKey }),
      ...(region === undefined ? {} : { region }),
    });
  }
  return [...buckets.values()];
}

/**
 * The one region in which the buckets say they lie; null where none says it.
 *
 * @throws ConfigError where they say several, or another one than the deployment's.
 */
export function regionOf(buckets: readonly AdoptedBucket[], deployedTo?: string): string | null {
  const regions = new Set(buckets.flatMap(({ region }) => region ?? []));
  const [only, ...others] = regions;
  if (others.length > 0) {
    refuse(
      `area contains buckets in several regions (${[...regions].join(', ')}), but a deployment manages buckets in one region: from another region it receives no events, and pays for traffic. Deploy once for each region, each with its own steward.json.`,
    );
  }
  if (only !== undefined && deployedTo !== undefined && only !== deployedTo) {
    refuse(
      `area contains a bucket in ${only}, but this deployment is in ${deployedTo}. Deploy to ${only}, or correct "region" in steward.json.`,
    );
  }
  return only ?? null;
}

/** CDK would refuse the name too, but with a stack trace. */
function requirePossible(name: string, key: string): void {
  try {
    Bucket.validateBucketName(name, true);
  } catch (error) {
    throw new ConfigError(
      `${key} contains the bucket name "${name}", which is not a valid name, so nothing is synthesised. Correct the location in steward.json.`,
      { cause: error },
    );
  }
}

function refuse(why: string): never {
  throw new ConfigError(`${why} Nothing is synthesised.`);
}
