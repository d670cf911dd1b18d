import { Aws, CfnRule, Fn, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { distance } from 'fastest-levenshtein';
import { placeOfArn } from '#config/aws-names.ts';
import type { StewardConfig } from '#config/steward-config.ts';
import { type AdoptedBucket, refuse } from '#infra/area-of.ts';

/** Region and account of a deployment, as far as the configuration says them and as far as they are known. */

/** Where a deployment goes. What is not known, the deployment itself finds out. */
export interface DeployedPlace {
  readonly region?: string;
  readonly account?: string;
}

/** What the configuration demands of the place; null where it says nothing. */
export interface DemandedPlace {
  readonly region: string | null;
  readonly account: string | null;
}

/**
 * The one region and the one account in which a deployment can look after these buckets.
 *
 * @param to where it goes.
 * @throws ConfigError where they say several, or others than those of the deployment.
 */
export function demandedPlace(
  buckets: readonly AdoptedBucket[],
  { deploy, signals }: StewardConfig,
  to: DeployedPlace = {},
): DemandedPlace {
  const regions = new Set(buckets.flatMap(({ region }) => region ?? []));
  for (const region of regions) requireRegion(region, to.region);
  const [only, ...others] = regions;
  if (others.length > 0) {
    refuse(
      `area contains buckets in several regions (${[...regions].join(', ')}), but a deployment manages buckets in one region: from another region it receives no events, and pays for traffic. Deploy once for each region, each with its own steward.json.`,
    );
  }
  if (only !== undefined && to.region !== undefined && only !== to.region) {
    refuse(
      `area contains a bucket in ${only}, but this deployment is in ${to.region}. Deploy to ${only}, or correct "region" in steward.json.`,
    );
  }
  const keys = [
    ...buckets.map(({ name, kmsKey }) => [`kmsKey of ${name}`, kmsKey] as const),
    ['deploy.ledgerKmsKey', deploy.ledgerKmsKey] as const,
    ['deploy.bucketKmsKey', deploy.bucketKmsKey] as const,
  ].flatMap(([what, arn]) => (arn === undefined || Token.isUnresolved(arn) ? [] : [[what, arn] as const]));
  const { secretName = '' } = signals.slack ?? {};
  const secret = secretName.startsWith('arn:') ? [['signals.slack.secretName', secretName] as const] : [];
  const byArns = regionOfArns([...keys, ...secret], only ?? to.region, to.region);
  return { region: only ?? byArns, account: oneAccount(buckets, to.account) };
}

/**
 * The region that these ARNs name; null where there are none. S3 takes only keys of its own region, and the roles name
 * secrets of theirs.
 */
function regionOfArns(
  arns: readonly (readonly [what: string, arn: string])[],
  ofBuckets: string | undefined,
  deployedTo: string | undefined,
): string | null {
  const [first] = arns.map(([what, arn]) => ({ what, region: placeOfArn(arn).region }));
  for (const [what, arn] of arns) {
    const { region } = placeOfArn(arn);
    requireRegion(region, deployedTo);
    const wanted = ofBuckets ?? first?.region;
    if (region !== wanted) {
      const other = ofBuckets === undefined ? `${first?.what} is` : 'buckets and functions of this deployment are';
      refuse(
        `${what} is in ${region}, but ${other} in ${wanted}, and it can't be used across regions. Name one in ${wanted}.`,
      );
    }
  }
  return first?.region ?? null;
}

function oneAccount(buckets: readonly AdoptedBucket[], deployedTo: string | undefined): string | null {
  const owners = new Set(buckets.flatMap(({ owner }) => owner ?? []));
  const [only, ...others] = owners;
  const why =
    'The events of a bucket reach only queues and rules that its owner connects, and each role of the functions would have to be named in its bucket policy.';
  if (others.length > 0) {
    refuse(
      `area contains buckets of several owners (${[...owners].join(', ')}), but a deployment manages the buckets of its own account. ${why} Deploy once in each account, each with its own steward.json.`,
    );
  }
  if (only !== undefined && deployedTo !== undefined && only !== deployedTo) {
    refuse(
      `area contains a bucket of the account ${only}, but this deployment is in ${deployedTo}. ${why} Deploy in the account ${only}, or correct "owner" in steward.json.`,
    );
  }
  return only ?? null;
}

/** A region into which somebody deploys exists, whether or not this version of CDK knows it. */
function requireRegion(region: string, deployedTo: string | undefined): void {
  const known = RegionInfo.regions.map(({ name }) => name);
  if (region === deployedTo || known.includes(region)) return;
  const [nearest = ''] = known.toSorted((a, b) => distance(a, region) - distance(b, region));
  refuse(`"${region}" is no region of AWS. The nearest is "${nearest}": write that, or the region of the bucket.`);
}

/** CloudFormation itself refuses the stack elsewhere, with these sentences. */
export function requirePlace(scope: Construct, { region, account }: DemandedPlace): void {
  if (region !== null) {
    requireEqual(
      scope,
      'Region',
      Aws.REGION,
      region,
      `steward.json says that the buckets of the area lie in ${region}. Deploy this stack there, or correct "region".`,
    );
  }
  if (account !== null) {
    requireEqual(
      scope,
      'Account',
      Aws.ACCOUNT_ID,
      account,
      `steward.json says that the account ${account} owns the buckets of the area. Deploy this stack there, or correct "owner".`,
    );
  }
}

function requireEqual(scope: Construct, id: string, actual: string, wanted: string, assertDescription: string): void {
  new CfnRule(scope, id, { assertions: [{ assert: Fn.conditionEquals(actual, wanted), assertDescription }] });
}
