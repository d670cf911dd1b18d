import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { createS3Clients } from '#adapters/s3/s3-client.ts';
import { failureOf, keysOf } from '#test/support/object-store-contract.ts';
import { BUCKET, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();

describe('The clients of a store', () => {
  beforeEach(() => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('take credentials from the environment, and what else they need from the connection', async () => {
    const { s3, put } = await makePlace();
    put('a');

    const { client, clientFor } = await createS3Clients({ endpoint: s3.url, region: 'eu-west-1', pathStyle: true });
    const keys = await keysOf(new S3Bucket({ bucket: BUCKET, client, clientFor }), { prefix: '' });
    client.destroy();

    expect(keys).toEqual(['a']);
  });

  it.each([
    ['what is said', { AWS_REGION: 'eu-west-1' }, 'eu-north-1', 'eu-north-1'],
    ['AWS_REGION', { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, undefined, 'eu-west-1'],
    ['AWS_DEFAULT_REGION, as the AWS CLI does', { AWS_DEFAULT_REGION: 'eu-west-2' }, undefined, 'eu-west-2'],
    ['one from which others are found', {}, undefined, 'us-east-1'],
  ])('take for the region %s', async (_what, environment, region, expected) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);

    const { client } = await createS3Clients(region === undefined ? {} : { region });

    expect(await client.config.region()).toBe(expected);
  });

  it('move to the region of the bucket once, however many requests are under way', async () => {
    // Prepare
    const { s3, put } = await makePlace();
    put(...Array.from({ length: 9_000 }, (_, index) => (index * 477_218).toString(16).padStart(8, '0')));
    const asked: string[] = [];
    s3.faults.add({
      match: {},
      do: { kind: 'run', callback: ({ headers }) => void asked.push(regionOf(headers.authorization)) },
    });
    s3.faults.add({
      match: { nth: 1 },
      do: { kind: 'answer', code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'ap-south-1' } },
    });

    // Act
    const clients = await createS3Clients({ endpoint: s3.url, region: 'eu-west-1', pathStyle: true });
    const keys = await keysOf(new S3Bucket({ bucket: BUCKET, ...clients }), { prefix: '' });

    // Assess
    expect(keys.length).toBe(9_000);
    expect([asked[0], ...new Set(asked.slice(1))]).toEqual(['eu-west-1', 'ap-south-1']);
  });

  it('go round in no circle', async () => {
    const { s3 } = await makePlace();
    s3.faults.add({
      match: {},
      do: { kind: 'answer', code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'ap-south-1' } },
    });

    const clients = await createS3Clients({ endpoint: s3.url, region: 'eu-west-1', pathStyle: true });
    const bucket = new S3Bucket({ bucket: BUCKET, ...clients });
    const failures = [await failureOf(() => bucket.read('a')), await failureOf(() => bucket.read('a'))];

    expect(failures.map(String)).toEqual(
      failures.map(() => expect.stringContaining('The bucket is in the region ap-south-1') as string),
    );
    expect(s3.log.count()).toBe(3);
  });
});

function regionOf(authorization: string | undefined): string {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization ?? '')?.[1] ?? '';
}
