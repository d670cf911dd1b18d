import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfigObject, type StewardJson } from '#config/steward-config.ts';
import { adoptedBuckets } from '#infra/area-of.ts';
import { type DeployedPlace, demandedPlace } from '#infra/deployed-place.ts';

/** What AWS would refuse, or what would deploy and not work, is refused before anything is made. */

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** The refusal of a `steward.json`; null where it can be deployed. */
function refusal(configuration: StewardJson, place: DeployedPlace = {}): string | null {
  try {
    const config = parseConfigObject(configuration, 'steward.json');
    demandedPlace(adoptedBuckets(config), config, place);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
}

describe('Locations that a deployment refuses', () => {
  it.each([
    [
      ['s3://my-bucket/flink', 's3://my-bucket/flink/savepoints'],
      'area: s3://my-bucket/flink/savepoints is inside s3://my-bucket/flink, so its objects would be judged twice. Give only the outer location. Nothing is synthesised.',
    ],
    [
      ['s3://my-bucket/flink', 's3://my-bucket/flink/'],
      'area: s3://my-bucket/flink and s3://my-bucket/flink/ are the same location. Give it only once. Nothing is synthesised.',
    ],
    [
      ['my-bucket'],
      'area[0] is "my-bucket", which is a directory for the steward, but a deployment manages only buckets. Write "s3://my-bucket" if that is the bucket that you mean. Nothing is synthesised.',
    ],
    [
      ['my-bucket/flink'],
      'area[0] is "my-bucket/flink", which is a directory for the steward, but a deployment manages only buckets. Write "s3://my-bucket/flink" if that is the bucket that you mean. Nothing is synthesised.',
    ],
    [
      ['./copy'],
      'area[0] is the directory "./copy", but a deployment manages only buckets. Write a bucket as "s3://bucket/prefix", and keep directories in another configuration for the command line (--config). Nothing is synthesised.',
    ],
    [
      ['arn:aws:s3:::my-bucket/flink'],
      'steward.json: area[0] is "arn:aws:s3:::my-bucket/flink", so the file is refused. Write it as a URL: "s3://my-bucket/flink".',
    ],
    [
      ['s3://My-Bucket/flink'],
      'area[0] contains the bucket name "My-Bucket", which is not a valid name: S3 takes 3 to 63 lower-case letters, digits, hyphens and dots. Correct the location in steward.json. Nothing is synthesised.',
    ],
    [
      ['s3://my-point-a1b2c3d4-s3alias/flink'],
      'area[0] (s3://my-point-a1b2c3d4-s3alias/flink) is an access point alias, but roles and events know only the bucket behind it. Write "s3://BUCKET/prefix" with the name of that bucket, and "aliases": {"s3://my-point-a1b2c3d4-s3alias": "s3://BUCKET"} if jobs write the other name into their checkpoints. Nothing is synthesised.',
    ],
    [
      ['s3://my-bucket/teams/*/checkpoints'],
      'area[0] (s3://my-bucket/teams/*/checkpoints) contains a wildcard, but a location is a bucket or a folder in it with all that is below. Write "s3://my-bucket/teams", or each folder by itself. Nothing is synthesised.',
    ],
    [
      ['s3://my-bucket/team-?'],
      'area[0] (s3://my-bucket/team-?) contains a wildcard, but a location is a bucket or a folder in it with all that is below. Write "s3://my-bucket", or each folder by itself. Nothing is synthesised.',
    ],
  ])('are %j', (area, sentence) => {
    expect(refusal({ area })).toBe(sentence);
  });

  it.each([
    's3://a--ol-s3',
    's3://bucket--use1-az4--x-s3/flink',
    's3://ab',
    's3://under_score',
    's3://192.168.0.1',
    's3://two..dots',
    's3://-begins',
    `s3://${'x'.repeat(64)}`,
    's3://arn:aws:s3:eu-central-1:123456789012:accesspoint/point/flink',
    's3://mfzwi23gnjvgw.mrap',
  ])('are those with a name that no bucket has: %s', (location) => {
    expect(refusal({ area: [location] })).toMatch(/^(?:steward\.json: )?area\[0\]/);
  });
});

describe('The place of a deployment', () => {
  it.each([
    ['eu-central1', '"eu-central1" is no region of AWS. The nearest is "eu-central-1"'],
    ['eu-west-9', '"eu-west-9" is no region of AWS. The nearest is "eu-west-1"'],
  ])('is no region that is not there: %s', (region, sentence) => {
    expect(refusal({ area: [{ bucket: 's3://one', region }] })).toContain(sentence);
  });

  it('may be a region that is newer than the list of regions', () => {
    const configuration = { area: [{ bucket: 's3://one', region: 'eu-west-9' }] };
    expect(refusal(configuration, { region: 'eu-west-9' })).toBeNull();
  });

  it.each([
    [{ area: [{ bucket: 's3://one', region: 'us-east-1', kmsKey: KEY }] }, {}, 'kmsKey of one is in eu-central-1, but'],
    [{ area: [{ bucket: 's3://one', kmsKey: KEY }] }, { region: 'us-east-1' }, 'kmsKey of one is in eu-central-1, but'],
    [
      { area: ['s3://one'], deploy: { ledgerKmsKey: KEY } },
      { region: 'us-east-1' },
      'deploy.ledgerKmsKey is in eu-central-1, but',
    ],
    [
      {
        signals: { slack: { secretName: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:hook-AbCdEf' } },
        deploy: { bucketKmsKey: KEY },
      },
      {},
      "signals.slack.secretName is in us-east-1, but deploy.bucketKmsKey is in eu-central-1, and it can't be used across regions. Name one in eu-central-1. Nothing is synthesised.",
    ],
  ])('is one for keys, secrets and buckets: %j', (configuration, place, sentence) => {
    expect(refusal(configuration, place)).toContain(sentence);
  });

  it('is that of the keys, where nothing else says it', () => {
    // Prepare
    const config = parseConfigObject({ area: [{ bucket: 's3://one', kmsKey: KEY }] }, 'steward.json');

    // Act
    const demanded = demandedPlace(adoptedBuckets(config), config);

    // Assess
    expect(demanded).toEqual({ region: 'eu-central-1', account: null });
  });

  it('is the account that owns the buckets', () => {
    // Prepare
    const area = [{ bucket: 's3://one', owner: '111111111111' }, 's3://two'];

    // Act and assess
    expect(refusal({ area }, { account: '111111111111' })).toBeNull();
    expect(refusal({ area }, { account: '222222222222' })).toBe(
      'area contains a bucket of the account 111111111111, but this deployment is in 222222222222. The events of a bucket reach only queues and rules that its owner connects, and each role of the functions would have to be named in its bucket policy. Deploy in the account 111111111111, or correct "owner" in steward.json. Nothing is synthesised.',
    );
    expect(refusal({ area: [...area, { bucket: 's3://three', owner: '333333333333' }] })).toMatch(
      /^area contains buckets of several owners \(111111111111, 333333333333\).* Deploy once in each account/,
    );
  });
});
