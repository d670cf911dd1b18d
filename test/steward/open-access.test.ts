import { describe, expect, it } from 'vitest';
import { LocalDeleter } from '#adapters/local/local-deleter.ts';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { LocalWriter } from '#adapters/local/local-writer.ts';
import { S3Deleter } from '#adapters/s3/s3-deleter.ts';
import { S3Writer } from '#adapters/s3/s3-writer.ts';
import { openAccess } from '#steward/open-access.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { listAll } from '#test/support/object-store-contract.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
const serve = useEmbeddedS3();

describe('The writer and the deleter of a location', () => {
  it('write and delete in the directory that it is', async () => {
    // Prepare
    const path = await makeDirectory({ 'j/a': 'x' });
    const store = new LocalDirectory(path);
    const [listed] = await listAll(store, { prefix: '' });

    // Act
    const { writer, deleter } = await openAccess({ kind: 'directory', path });
    const put = await writer.putIfAbsent('j/b', Buffer.from('y'));
    const outcomes = await deleter.delete([{ key: 'j/a', etag: listed?.etag ?? '' }]);

    // Assess
    expect([writer, deleter]).toEqual([expect.any(LocalWriter), expect.any(LocalDeleter)]);
    expect(put.outcome).toBe('written');
    expect(outcomes).toEqual([{ key: 'j/a', outcome: 'deleted' }]);
    expect((await listAll(store, { prefix: '' })).map(({ key }) => key)).toEqual(['j/b']);
  });

  it('write and delete in the bucket that it is, as its owner and payer were said', async () => {
    // Prepare
    const { s3, client } = await serve({ buckets: [] });
    s3.createBucket(BUCKET, { owner: '111122223333', requesterPays: true });
    const { etag } = s3.put(BUCKET, 'a', 'x');
    const reach = { kind: 'bucket', bucket: BUCKET, client } as const;

    // Act
    const access = await openAccess({ ...reach, expectedBucketOwner: '111122223333', requesterPays: true });
    const foreign = await openAccess({ ...reach, expectedBucketOwner: '999999999999', requesterPays: true });
    const refused = await foreign.deleter.delete([{ key: 'a', etag }]);
    const outcomes = await access.deleter.delete([{ key: 'a', etag }]);

    // Assess
    expect([access.writer, access.deleter]).toEqual([expect.any(S3Writer), expect.any(S3Deleter)]);
    expect(refused.map(({ outcome }) => outcome)).toEqual(['refused']);
    expect(outcomes).toEqual([{ key: 'a', outcome: 'deleted' }]);
    expect(s3.keys(BUCKET)).toEqual([]);
  });
});
