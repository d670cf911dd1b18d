import { DeleteObjectCommand, DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Check, failureOf, type Place } from '#test/s3-contract/describe-s3.ts';
import { putAll } from '#test/s3-contract/put-all.ts';

const ETAG = '"9dd4e461268c8034f5c8564e155c67a6"';
const OTHER = '"00000000000000000000000000000000"';

async function keys({ client, bucket }: Place): Promise<readonly (string | undefined)[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key }) => Key);
}

export function deletionContract(check: Check): void {
  check('deletes an object, and answers the same for one that has gone', async (place) => {
    await putAll(place, ['a', 'b']);
    const command = () => new DeleteObjectCommand({ Bucket: place.bucket, Key: 'a' });

    const first = await place.client.send(command());
    const second = await place.client.send(command());

    expect([first.$metadata.httpStatusCode, second.$metadata.httpStatusCode]).toEqual([204, 204]);
    expect(await keys(place)).toEqual(['b']);
  });

  check('deletes one object only while its ETag is unchanged', async (place) => {
    await putAll(place, ['a', 'b']);
    const { client, bucket: Bucket } = place;

    expect(await failureOf(client.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: OTHER })))).toEqual({
      code: 'PreconditionFailed',
      status: 412,
    });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'b', IfMatch: ETAG }));

    expect(await keys(place)).toEqual(['a']);
  });

  check('says that an object has gone when its ETag is given', async ({ client, bucket: Bucket }) => {
    const request = client.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: ETAG }));

    expect(await failureOf(request)).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  check('deletes many objects and names them', async (place) => {
    await putAll(place, ['a', 'b', 'c']);

    const { Deleted, Errors } = await place.client.send(
      new DeleteObjectsCommand({
        Bucket: place.bucket,
        Delete: { Objects: [{ Key: 'c' }, { Key: 'never was' }, { Key: 'a' }] },
      }),
    );

    expect(Deleted?.map(({ Key }) => Key).sort()).toEqual(['a', 'c', 'never was']);
    expect(Errors).toBeUndefined();
    expect(await keys(place)).toEqual(['b']);
  });

  check('names only failures when it is to be quiet', async (place) => {
    await putAll(place, ['a', 'b']);

    const { Deleted, Errors } = await place.client.send(
      new DeleteObjectsCommand({ Bucket: place.bucket, Delete: { Objects: [{ Key: 'a' }], Quiet: true } }),
    );

    expect({ Deleted, Errors, left: await keys(place) }).toEqual({
      Deleted: undefined,
      Errors: undefined,
      left: ['b'],
    });
  });

  check('spares the objects of a batch whose ETag is another one', async (place) => {
    await putAll(place, ['a', 'b', 'c']);
    const Objects = [
      { Key: 'a', ETag: ETAG },
      { Key: 'b', ETag: OTHER },
      { Key: 'c', ETag: ETAG.replaceAll('"', '') },
    ];

    const { Deleted, Errors } = await place.client.send(
      new DeleteObjectsCommand({ Bucket: place.bucket, Delete: { Objects } }),
    );

    expect(Deleted?.map(({ Key }) => Key)).toEqual(['a', 'c']);
    expect(Errors?.map(({ Key, Code }) => ({ Key, Code }))).toEqual([{ Key: 'b', Code: 'PreconditionFailed' }]);
    expect(await keys(place)).toEqual(['b']);
  });

  check('deletes 1,000 objects at once', async (place) => {
    const Objects = Array.from({ length: 1_000 }, (_, n) => ({ Key: `k${n}` }));
    await putAll(place, ['k0', 'k999', 'other']);

    await place.client.send(new DeleteObjectsCommand({ Bucket: place.bucket, Delete: { Objects } }));

    expect(await keys(place)).toEqual(['other']);
  });

  check('refuses to delete more than 1,000 objects at once', async (place) => {
    const Objects = Array.from({ length: 1_001 }, (_, n) => ({ Key: `k${n}` }));
    await putAll(place, ['k0']);

    const request = place.client.send(new DeleteObjectsCommand({ Bucket: place.bucket, Delete: { Objects } }));

    expect(await failureOf(request)).toEqual({ code: 'MalformedXML', status: 400 });
    expect(await keys(place)).toEqual(['k0']);
  });

  check('deletes nothing in a bucket that is not there', async ({ client, bucket }) => {
    const request = client.send(
      new DeleteObjectsCommand({ Bucket: `${bucket}-missing`, Delete: { Objects: [{ Key: 'a' }] } }),
    );

    expect(await failureOf(request)).toEqual({ code: 'NoSuchBucket', status: 404 });
  });
}
