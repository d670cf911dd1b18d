import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { S3Bucket } from '#adapters/s3/s3-bucket.ts';
import { storeErrorOf } from '#adapters/s3/s3-failures.ts';
import { type ObjectStore, StoreError } from '#ports/object-store.ts';
import { failureOf, listAll } from '#test/support/object-store-contract.ts';
import type { Fault } from '#tools/embedded-s3/faults.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import { useS3Places } from './s3-place.ts';

const makePlace = useS3Places();
const CREDENTIALS = { accessKeyId: 'a', secretAccessKey: 'b' };

type Answer = Extract<Fault, { kind: 'answer' }>;

describe('A failure', () => {
  it.each<[string, Omit<Answer, 'kind'>, StoreError['code'], string]>([
    [
      'access denied to list',
      { code: 'AccessDenied' },
      'denied',
      "s3://checkpoints can't be listed below 'flink/': access denied (AccessDenied: Access Denied); its contents are unknown. Grant s3:ListBucket on arn:aws:s3:::checkpoints to these credentials. (A requester-pays bucket gives the same answer; --requester-pays accepts the charges.)",
    ],
    [
      'a bucket whose readers pay',
      { code: 'AccessDenied', message: 'Bucket is a requester pays bucket but no requester pays header provided.' },
      'denied',
      `s3://checkpoints can't be listed below 'flink/': the bucket charges the reader (requester pays), and these credentials do not belong to its owner; its contents are unknown. To accept the charges, add --requester-pays, or "requesterPays": true to the bucket in steward.json. Otherwise run with credentials of the owner's account.`,
    ],
    [
      'credentials that have expired',
      { code: 'ExpiredToken' },
      'denied',
      "The credentials have expired: s3://checkpoints can't be listed below 'flink/', and its contents are unknown. Renew them (aws sso login, or a new session token), then run again.",
    ],
    [
      'credentials of another store',
      { code: 'InvalidAccessKeyId', status: 403 },
      'denied',
      "The store does not accept these credentials (InvalidAccessKeyId): s3://checkpoints can't be listed below 'flink/', and its contents are unknown. Check AWS_PROFILE and the AWS_ variables, and whether these credentials belong to this store.",
    ],
    [
      'a clock that is wrong',
      { code: 'RequestTimeTooSkewed' },
      'unavailable',
      "This machine's clock differs too much from the store's: s3://checkpoints can't be listed below 'flink/', and its contents are unknown. Correct the clock of this machine, then run again.",
    ],
    [
      'another region',
      { code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'ap-south-1' } },
      'unavailable',
      "The bucket is in the region ap-south-1: s3://checkpoints can't be listed below 'flink/', and its contents are unknown. Set it with --region ap-south-1.",
    ],
    [
      'another region that is not named',
      { code: 'AuthorizationHeaderMalformed' },
      'unavailable',
      "The bucket is in another region: s3://checkpoints can't be listed below 'flink/', and its contents are unknown. Set it with --region.",
    ],
    [
      'a bucket that is not there',
      { code: 'NoSuchBucket' },
      'no-such-place',
      "There is no bucket checkpoints: s3://checkpoints can't be listed below 'flink/', and its contents are unknown. Check the name of the bucket, and whether --endpoint and the credentials are those of its store.",
    ],
    [
      'a timeout of the store',
      { code: 'RequestTimeout' },
      'unavailable',
      "s3://checkpoints can't be listed below 'flink/': the store did not answer in time; its contents are unknown. Check the network, then try again.",
    ],
    [
      'a 404 of something else',
      { code: 'NotFound', status: 404 },
      'unavailable',
      "s3://checkpoints can't be listed below 'flink/': the answer was 404 (NotFound) without saying what does not exist; its contents are unknown. Check --endpoint: this is not how S3 answers for an object that does not exist.",
    ],
    [
      'something that nobody foresaw',
      { code: 'TeaPot', status: 418, message: 'Short and stout.' },
      'unavailable',
      "s3://checkpoints can't be listed below 'flink/': 418 TeaPot: Short and stout; its contents are unknown. Trying again will hardly help. --debug shows where it comes from, and steward probe what the store honours.",
    ],
  ])('of a listing is told as a sentence: %s', async (_what, answer, code, message) => {
    const { s3, bucket } = await makePlace();
    s3.faults.add({ match: {}, do: { kind: 'answer', ...answer } });

    const failure = await failureOf(() => listAll(bucket(), { prefix: 'flink/' }));

    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({ code, message });
  });

  it('tells of an expected owner where access is denied, since a wrong one is denied like that', async () => {
    const { s3, bucket } = await makePlace();
    s3.bucket('checkpoints').owner = '111122223333';

    const failure = await failureOf(() => listAll(bucket({ expectedBucketOwner: '444455556666' }), { prefix: '' }));

    expect(failure).toMatchObject({
      code: 'denied',
      message: `s3://checkpoints can't be listed: access denied (AccessDenied: Access Denied); its contents are unknown. "owner" in steward.json expects the bucket to belong to account 444455556666, and it may belong to another one. Find out who owns the bucket before you continue. If it is the right account: Grant s3:ListBucket on arn:aws:s3:::checkpoints to these credentials.`,
    });
  });

  it.each<[string, S3Error, StoreError['code'], string]>([
    [
      'access denied to read',
      new S3Error('AccessDenied'),
      'denied',
      "s3://checkpoints/a b/_metadata can't be read: access denied (AccessDenied: Access Denied); its contents are unknown. Grant s3:GetObject on arn:aws:s3:::checkpoints/a b/_metadata to these credentials. (Without s3:ListBucket on the bucket, S3 gives the same answer for an object that does not exist.)",
    ],
    [
      'a key of KMS that may not be used',
      new S3Error('AccessDenied', { message: 'User x is not authorized to perform: kms:Decrypt on resource y.' }),
      'denied',
      "s3://checkpoints/a b/_metadata can't be read: the KMS key that encrypts it can't be used (User x is not authorized to perform: kms:Decrypt on resource y); its contents are unknown. Grant kms:Decrypt on that key to these credentials, and check that the key is enabled.",
    ],
    [
      'a key of KMS that is disabled',
      new S3Error('KMS.DisabledException'),
      'denied',
      "s3://checkpoints/a b/_metadata can't be read: the KMS key that encrypts it can't be used (The request was rejected because the specified KMS key is not enabled); its contents are unknown. Grant kms:Decrypt on that key to these credentials, and check that the key is enabled.",
    ],
    [
      'an archive class',
      new S3Error('InvalidObjectState', { elements: { StorageClass: 'GLACIER', AccessTier: '' } }),
      'archived',
      "s3://checkpoints/a b/_metadata can't be read: it is in an archive storage class (GLACIER) and must be restored before it can be read; its contents are unknown. Restore it with: aws s3api restore-object --bucket checkpoints --key 'a b/_metadata' --restore-request '{\"Days\":7}' (takes hours), then run again.",
    ],
    [
      'an archive tier',
      new S3Error('InvalidObjectState', { elements: { StorageClass: 'INTELLIGENT_TIERING' } }),
      'archived',
      "s3://checkpoints/a b/_metadata can't be read: it is in an archive storage class (INTELLIGENT_TIERING) and must be restored before it can be read; its contents are unknown. Restore it with: aws s3api restore-object --bucket checkpoints --key 'a b/_metadata' --restore-request '{}' (takes hours), then run again.",
    ],
  ])('of a read is told as a sentence: %s', async (_what, error, code, message) => {
    const { s3, bucket } = await makePlace();
    s3.faults.add({
      match: {},
      do: {
        kind: 'run',
        callback: () => {
          throw error;
        },
      },
    });

    const failure = await failureOf(() => bucket().read('a b/_metadata'));

    expect(failure).toMatchObject({ name: 'StoreError', code, message });
  });

  it('names the command for an object in an archive class that the store really keeps so', async () => {
    const { s3, bucket } = await makePlace();
    s3.put('checkpoints', 'a', 'x', { storageClass: 'DEEP_ARCHIVE' });

    expect(await failureOf(() => bucket().read('a'))).toMatchObject({ code: 'archived' });
  });

  it('to find credentials says how to give some', async () => {
    const { s3 } = await makePlace();
    const client = clientOf(s3.url, {
      credentials: async () => {
        throw Object.assign(new Error('Could not load credentials from any providers'), {
          name: 'CredentialsProviderError',
        });
      },
    });

    expect(String(await listingFailure(client))).toContain(
      "No credentials were found (Could not load credentials from any providers): s3://checkpoints can't be listed, and its contents are unknown. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run again.",
    );
  });

  it('to reach the store says what to check', async () => {
    // Prepare: a port that was free a moment ago.
    const { s3 } = await makePlace();
    const { url } = s3;
    await s3.close();

    // Act
    const refused = await listingFailure(clientOf(url));
    const unknown = await listingFailure(clientOf('http://store.invalid'));

    // Assess
    for (const failure of [refused, unknown]) {
      expect(failure).toMatchObject({ name: 'StoreError', code: 'unavailable' });
      expect(String(failure)).toMatch(
        /The store can't be reached \(.+\): .+, and its contents are unknown\. Check --endpoint, --region and the network\./,
      );
    }
  });

  it('to answer in time is told as such', async () => {
    const { s3 } = await makePlace();
    s3.faults.add({ match: {}, do: { kind: 'hang' } });
    const requestHandler = { requestTimeout: 50, throwOnRequestTimeout: true };

    expect(String(await listingFailure(clientOf(s3.url, { requestHandler })))).toContain(
      'the store did not answer in time;',
    );
  });

  it('that is told already stays as it is', () => {
    const told = new StoreError('denied', 'No.');

    expect(storeErrorOf(told, { what: '', follows: '', bucket: 'b', permission: '' })).toBe(told);
  });
});

async function listingFailure(client: S3Client): Promise<unknown> {
  const store: ObjectStore = new S3Bucket({ bucket: 'checkpoints', client, wait: async () => {} });
  const failure = await failureOf(() => listAll(store, { prefix: '' }));
  client.destroy();
  return failure;
}

function clientOf(endpoint: string, config: ConstructorParameters<typeof S3Client>[0] = {}): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: CREDENTIALS,
    ...config,
  });
}
