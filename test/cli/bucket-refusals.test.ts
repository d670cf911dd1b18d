import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW } from '#test/support/played-job.ts';
import { JOB_PREFIX, serveJob } from '#test/support/served-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { BucketOptions } from '#tools/embedded-s3/bucket.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import type { FaultRule } from '#tools/embedded-s3/faults.ts';
import { documentOf, type Ran, steward } from './steward.ts';

const serve = useEmbeddedS3();
useMachineClock(NOW);
const makeDirectory = useTempDirectories();

const BUCKET = 'state';
const ROOT = `s3://${BUCKET}/${JOB_PREFIX}chk-7/_metadata`;
const LISTING = `s3://${BUCKET}'s clock can't be read: access denied (AccessDenied: Access Denied); no age can be computed.`;

describe('What S3 refuses', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('because the bucket is in another region is asked of that region', async () => {
    const s3 = await serveBucket({ region: 'eu-central-1' });

    const ran = await audit(s3, ['--json']);

    expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: '' });
    expect(documentOf(ran)).toMatchObject({ cost: { regions: ['eu-central-1'], regionAssumed: false } });
  });

  it('because the bucket lies in a region that it does not name leads to --region', async () => {
    const s3 = await serveBucket({}, { match: {}, do: { kind: 'answer', code: 'AuthorizationHeaderMalformed' } });

    expect(await audit(s3)).toEqual({
      status: 3,
      out: '',
      err: `The bucket is in another region: s3://${BUCKET}'s clock can't be read, and no age can be computed. Set it with --region.\n`,
    });
  });

  it('because listing is not permitted names the permission', async () => {
    const s3 = await serveBucket({}, { match: {}, do: { kind: 'answer', code: 'AccessDenied' } });

    expect(await audit(s3)).toEqual({
      status: 3,
      out: '',
      err: `${LISTING} Grant s3:ListBucket on arn:aws:s3:::${BUCKET} to these credentials. (A requester-pays bucket gives the same answer; --requester-pays accepts the charges.)\n`,
    });
  });

  it('because its readers pay is had by who accepts to pay, on the command line or in steward.json', async () => {
    const s3 = await serveBucket({ requesterPays: true });
    const cwd = await makeDirectory({
      'steward.json': JSON.stringify({ area: [{ bucket: `s3://${BUCKET}`, requesterPays: true }] }),
    });

    const refused = await audit(s3);

    expect({ status: refused.status, err: refused.err }).toEqual({
      status: 3,
      err: expect.stringContaining('--requester-pays accepts the charges.'),
    });
    expect(await audit(s3, ['--requester-pays'])).toMatchObject({ status: 0, err: '' });
    expect(await audit(s3, [], cwd)).toMatchObject({ status: 0, err: '' });
    expect(await steward('/', ['inspect', ROOT, ...reach(s3), '--requester-pays'])).toMatchObject({ status: 0 });
  });

  it('with words about its readers who pay says what accepts the charges', async () => {
    const message = 'Bucket is a requester pays bucket but no requester pays header provided.';
    const s3 = await serveBucket({}, { match: {}, do: { kind: 'answer', code: 'AccessDenied', message } });

    const { status, err } = await audit(s3);

    expect(status).toBe(3);
    expect(err).toContain('the bucket charges the reader (requester pays)');
    expect(err).toContain(
      'To accept the charges, add --requester-pays, or "requesterPays": true to the bucket in steward.json',
    );
  });

  it('because it belongs to another account than steward.json expects says so', async () => {
    const s3 = await serveBucket({ owner: '111122223333' });
    const config = (owner: string) =>
      makeDirectory({ 'steward.json': JSON.stringify({ area: [{ bucket: `s3://${BUCKET}/flink`, owner }] }) });
    const wrong = await config('444455556666');

    const foreign = await audit(s3, [], wrong);
    // The command line may name the same bucket in other words: whose it must be holds all the same.
    const named = await steward(wrong, ['plan', `s3a://${BUCKET}/flink/`, ...reach(s3)]);
    const own = await audit(s3, [], await config('111122223333'));

    expect(foreign).toEqual({
      status: 3,
      out: '',
      err: `${LISTING} "owner" in steward.json expects the bucket to belong to account 444455556666, and it may belong to another one. Find out who owns the bucket before you continue. If it is the right account: Grant s3:ListBucket on arn:aws:s3:::${BUCKET} to these credentials.\n`,
    });
    expect({ status: named.status, err: named.err }).toEqual({ status: 3, err: foreign.err });
    expect(own).toMatchObject({ status: 0, err: '' });
  });

  it('because a checkpoint may not be read leaves all undecided, and names the permission', async () => {
    const s3 = await serveBucket(
      {},
      { match: { operation: 'GetObject' }, do: { kind: 'answer', code: 'AccessDenied' } },
    );

    expect(await sentenceOfAudit(s3)).toContain(
      `${ROOT} can't be read: access denied (AccessDenied: Access Denied); its contents are unknown. Grant s3:GetObject on arn:aws:s3:::${ROOT.slice('s3://'.length)} to these credentials. (Without s3:ListBucket`,
    );
  });

  it.each([
    ['may not be used', { code: 'AccessDenied', message: 'User: x is not authorized to perform: kms:Decrypt on y.' }],
    ['is disabled', { code: 'KMS.DisabledException' }],
  ])('because the KMS key of a checkpoint %s leads to the key', async (_, answer) => {
    const s3 = await serveBucket({}, { match: { operation: 'GetObject' }, do: { kind: 'answer', ...answer } });

    const sentence = await sentenceOfAudit(s3);

    expect(sentence).toContain(`${ROOT} can't be read: the KMS key that encrypts it can't be used (`);
    expect(sentence).toContain('Grant kms:Decrypt on that key to these credentials, and check that the key is enabled');
  });

  it('because a checkpoint was archived is told with the command that restores it', async () => {
    const s3 = await serveBucket();
    const key = `${JOB_PREFIX}chk-7/_metadata`;
    const { modified } = s3.object(BUCKET, key) ?? { modified: 0 };
    s3.put(BUCKET, key, { size: 900 }, { lastModified: modified, storageClass: 'GLACIER' });

    expect(await sentenceOfAudit(s3)).toContain(
      `it is in an archive storage class (GLACIER) and must be restored before it can be read; its contents are unknown. Restore it with: aws s3api restore-object --bucket ${BUCKET} --key ${key} --restore-request '{"Days":7}' --endpoint-url ${s3.url} --region eu-west-1 (takes hours), then run again`,
    );
  });

  it.each(['audit', 'plan', 'restore-points', 'inspect'])(
    'because it is a directory bucket is not even asked for by %s',
    async (command) => {
      const { status, out, err } = await steward('/', [command, 's3://state--euw1-az1--x-s3/flink']);

      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toBe(
        "s3://state--euw1-az1--x-s3/flink: 'state--euw1-az1--x-s3' is a directory bucket. Directory buckets list keys in no order, so a part of one cannot be listed reliably. Give a general purpose bucket as s3://bucket/prefix.\n",
      );
    },
  );
});

describe('Buckets of one area', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('may lie in different stores and regions, each with settings of its own', async () => {
    // Prepare
    const here = await serveBucket({ region: 'eu-west-2' });
    const { s3: there } = await serve({ clock: () => NOW, buckets: [] });
    there.createBucket('savepoints', { region: 'sa-east-1' });
    there.put('savepoints', 'flink/savepoint-000000-0c236dd65946/_metadata', 'x', { lastModified: NOW - 3_600_000 });
    const cwd = await makeDirectory({
      'steward.json': JSON.stringify({
        area: [
          { bucket: `s3://${BUCKET}/flink`, endpoint: here.url, region: 'eu-west-2', pathStyle: true },
          { bucket: 's3://savepoints', endpoint: there.url, region: 'sa-east-1', pathStyle: true },
        ],
      }),
    });

    // Act
    const ran = await steward(cwd, ['audit', '--json']);

    // Assess
    expect({ status: ran.status, err: ran.err }).toEqual({ status: 3, err: '' });
    expect(documentOf(ran)).toMatchObject({
      area: [`s3://${BUCKET}/flink`, 's3://savepoints'],
      total: { objects: 4 },
      roots: 2,
      cost: { regions: ['eu-west-2', 'sa-east-1'], regionAssumed: false },
    });
  });

  it('are all sent where the command line says', async () => {
    const s3 = await serveBucket();
    const area = [{ bucket: `s3://${BUCKET}`, endpoint: 'http://127.0.0.1:1', region: 'eu-west-2' }];
    const cwd = await makeDirectory({ 'steward.json': JSON.stringify({ area }) });

    expect(await audit(s3, [], cwd)).toMatchObject({ status: 0, err: '' });
  });
});

async function serveBucket(options: BucketOptions = {}, fault?: FaultRule): Promise<EmbeddedS3> {
  const { s3 } = await serve({ clock: () => NOW, buckets: [] });
  s3.createBucket(BUCKET, options);
  serveJob(s3, BUCKET);
  if (fault !== undefined) {
    s3.faults.add(fault);
  }
  return s3;
}

/** Of the location that steward.json of that folder names, or else of all checkpoints of the bucket. */
async function audit(s3: EmbeddedS3, args: readonly string[] = [], cwd?: string): Promise<Ran> {
  const places = cwd === undefined ? [`s3://${BUCKET}/flink`] : [];
  return await steward(cwd ?? '/', ['audit', ...places, ...reach(s3), ...args]);
}

/** Why the area is undecidable. */
async function sentenceOfAudit(s3: EmbeddedS3): Promise<string> {
  const ran = await audit(s3, ['--json']);
  const people = await audit(s3);
  expect([ran.status, people.status]).toEqual([3, 3]);
  const [{ sentence }] = documentOf(ran).undecidable as [{ sentence: string }];
  expect(people.out.replaceAll(/\s+/g, ' ')).toContain(sentence.replaceAll(/\s+/g, ' '));
  return sentence;
}

function reach(s3: EmbeddedS3): readonly string[] {
  return ['--endpoint', s3.url, '--region', 'eu-west-1', '--path-style'];
}
