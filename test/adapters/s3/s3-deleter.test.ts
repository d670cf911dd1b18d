import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { S3Deleter } from '#adapters/s3/s3-deleter.ts';
import { failureOf } from '#test/support/object-store-contract.ts';
import { BUCKET, type S3Place, useS3Places } from './s3-place.ts';

const makePlace = useS3Places();

describe('S3Deleter', () => {
  it('deletes exactly the keys asked for, while their ETags are the judged ones', async () => {
    // Prepare
    const { s3, deleter, guard } = await makeDeleter('a', 'ab', 'b/c', '日 +%2F&', 'changed');
    const batch = ['b/c', '日 +%2F&', 'changed', 'a'].map(guard);
    s3.put(BUCKET, 'changed', 'again');

    // Act
    const outcomes = await deleter.delete([...batch, { key: 'none', etag: 'e' }]);

    // Assess
    expect(outcomes).toEqual([
      { key: 'b/c', outcome: 'deleted' },
      { key: '日 +%2F&', outcome: 'deleted' },
      { key: 'changed', outcome: 'changed' },
      { key: 'a', outcome: 'deleted' },
      { key: 'none', outcome: 'gone' },
    ]);
    expect(s3.keys(BUCKET)).toEqual(['ab', 'changed']);
  });

  it('names no version, so a versioned bucket keeps what was deleted', async () => {
    const { s3, client, deleter, guard } = await makeDeleter();
    s3.bucket(BUCKET).versioning = 'Enabled';
    s3.put(BUCKET, 'a', 'x');

    const outcomes = await deleter.delete([guard('a')]);

    const { Versions, DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    expect(outcomes).toEqual([{ key: 'a', outcome: 'deleted', versionId: DeleteMarkers?.[0]?.VersionId }]);
    expect({ versions: Versions?.length, markers: DeleteMarkers?.length }).toEqual({ versions: 1, markers: 1 });
  });

  it('says why the store refused a key, and deletes the others', async () => {
    const { s3, deleter, guard } = await makeDeleter('a', 'b');
    s3.faults.add({ match: {}, do: { kind: 'refuse-keys', keys: /^a$/, code: 'AccessDenied', message: 'Locked' } });

    expect(await deleter.delete(['a', 'b'].map(guard))).toEqual([
      { key: 'a', outcome: 'refused', why: 'The store did not delete it: AccessDenied (Locked).' },
      { key: 'b', outcome: 'deleted' },
    ]);
  });

  it('believes nothing of a key that the answer does not name', async () => {
    const { s3, deleter, guard } = await makeDeleter('a', 'b');
    const rewrite = (body: string): string => body.replace('<Deleted><Key>a</Key></Deleted>', '');
    s3.faults.add({ match: {}, do: { kind: 'rewrite-body', rewrite } });

    expect(await deleter.delete(['a', 'b'].map(guard))).toEqual([
      {
        key: 'a',
        outcome: 'refused',
        why: 'The store did not report whether it deleted this object; the next listing shows it.',
      },
      { key: 'b', outcome: 'deleted' },
    ]);
  });

  it('refuses all keys of a request that fails, with the reason', async () => {
    const { s3, deleter, guard } = await makeDeleter('a', 'b');
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'AccessDenied' } });

    const outcomes = await deleter.delete(['a', 'b'].map(guard));

    expect(outcomes.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['a', 'refused'],
      ['b', 'refused'],
    ]);
    expect(outcomes[0]).toHaveProperty(
      'why',
      "2 objects of s3://checkpoints can't be deleted: access denied (AccessDenied: Access Denied); the next listing shows which of them were deleted. Grant s3:DeleteObject and s3:GetObject on arn:aws:s3:::checkpoints/* to these credentials.",
    );
    expect(s3.keys(BUCKET)).toEqual(['a', 'b']);
  });

  it('says so where the answer was lost', async () => {
    const { s3, deleter, guard } = await makeDeleter('a');
    s3.faults.add({ match: {}, do: { kind: 'lose-answer' } });

    const outcomes = await deleter.delete([guard('a')]);

    expect(outcomes).toMatchObject([{ outcome: 'refused', why: /the next listing shows which of them were deleted/ }]);
    expect(s3.keys(BUCKET)).toEqual([]);
  });

  it('asks for nothing once the signal has fired', async () => {
    const { s3, deleter, guard } = await makeDeleter('a');
    s3.log.clear();

    const outcomes = await deleter.delete([guard('a')], AbortSignal.abort());

    expect(outcomes).toEqual([
      { key: 'a', outcome: 'refused', why: 'The run was stopped before this object was deleted.' },
    ]);
    expect(s3.log.count()).toBe(0);
  });

  it('gives up a request under way when the signal fires', async () => {
    const { s3, deleter, guard } = await makeDeleter('a');
    const abort = new AbortController();
    s3.faults.add({ match: {}, do: [{ kind: 'run', callback: () => abort.abort() }, { kind: 'hang' }] });

    const outcomes = await deleter.delete([guard('a')], abort.signal);

    expect(outcomes).toMatchObject([{ outcome: 'refused', why: /was stopped while the store was asked/ }]);
  });

  it('takes 1,000 keys, and refuses more before it deletes any', async () => {
    const keys = Array.from({ length: 1_001 }, (_, index) => String(index));
    const { s3, deleter, guard } = await makeDeleter(...keys);
    const batch = keys.map(guard);

    const failure = await failureOf(() => deleter.delete(batch));
    const before = s3.keys(BUCKET).length;
    const outcomes = await deleter.delete(batch.slice(1));

    expect(failure).toBeInstanceOf(RangeError);
    expect(before).toBe(1_001);
    expect(outcomes.every(({ outcome }) => outcome === 'deleted')).toBe(true);
    expect(s3.keys(BUCKET)).toEqual(['0']);
  });

  it('has nothing to ask for no keys', async () => {
    const { s3, deleter } = await makeDeleter();

    expect(await deleter.delete([])).toEqual([]);
    expect(s3.log.count()).toBe(0);
  });

  it('fails for a bucket that does not exist', async () => {
    const { client } = await makePlace();

    const failure = await failureOf(() => new S3Deleter({ bucket: 'none', client }).delete([{ key: 'a', etag: 'e' }]));

    expect(failure).toMatchObject({ code: 'no-such-place' });
  });

  it('deletes nothing in the bucket of another owner than the one that is expected', async () => {
    const { s3, client, guard } = await makeDeleter('a');
    s3.bucket(BUCKET).owner = '111122223333';
    const deleter = (expectedBucketOwner: string) => new S3Deleter({ bucket: BUCKET, client, expectedBucketOwner });

    const foreign = await deleter('444455556666').delete([guard('a')]);

    expect(foreign).toMatchObject([{ key: 'a', outcome: 'refused' }]);
    expect(JSON.stringify(foreign)).toContain('expects the bucket to belong to account 444455556666');
    expect(s3.keys(BUCKET)).toEqual(['a']);
    expect(await deleter('111122223333').delete([guard('a')])).toEqual([{ key: 'a', outcome: 'deleted' }]);
  });

  it('accepts to pay where it is told to', async () => {
    const { s3, client, guard } = await makeDeleter('a');
    s3.bucket(BUCKET).requesterPays = true;

    const refused = await new S3Deleter({ bucket: BUCKET, client }).delete([guard('a')]);
    const paid = await new S3Deleter({ bucket: BUCKET, client, requesterPays: true }).delete([guard('a')]);

    expect([refused, paid]).toMatchObject([[{ outcome: 'refused' }], [{ outcome: 'deleted' }]]);
  });

  it('is not for directory buckets', async () => {
    const { client } = await makePlace();

    expect(() => new S3Deleter({ bucket: 'b--euw1-az1--x-s3', client })).toThrow('is a directory bucket');
  });
});

async function makeDeleter(...keys: readonly string[]): Promise<{
  s3: S3Place['s3'];
  client: S3Place['client'];
  deleter: S3Deleter;
  guard: (key: string) => { key: string; etag: string };
}> {
  const { s3, client, put } = await makePlace();
  put(...keys);
  const guard = (key: string): { key: string; etag: string } => ({ key, etag: s3.object(BUCKET, key)?.etag ?? '' });
  return { s3, client, deleter: new S3Deleter({ bucket: BUCKET, client }), guard };
}
