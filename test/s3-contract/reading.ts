import { GetObjectCommand, type GetObjectCommandInput, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Check, failureOf, type Place } from '#test/s3-contract/describe-s3.ts';
import { putAll } from '#test/s3-contract/put-all.ts';

const MD5_OF_DIGITS = '"781e5e245d69b566979b86e28d23f2c7"';
const OTHER = '"00000000000000000000000000000000"';

async function get({ client, bucket }: Place, input: Partial<GetObjectCommandInput> = {}) {
  const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'digits', ...input }));
  const { ContentRange, ContentLength, $metadata } = answer;
  return {
    status: $metadata.httpStatusCode,
    range: ContentRange,
    length: ContentLength,
    text: await answer.Body?.transformToString(),
  };
}

export function readingContract(check: Check): void {
  check('gives the content with its headers', async (place) => {
    // Prepare
    const { client, bucket: Bucket } = place;
    const Metadata = { who: 'flink' };
    const written = { ContentType: 'text/plain', CacheControl: 'no-store', Metadata };
    await client.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789', ...written }));

    // Act
    const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'digits' }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'digits' }));

    // Assess
    const expected = { ...written, ContentLength: 10, ETag: MD5_OF_DIGITS, AcceptRanges: 'bytes' };
    expect(answer).toMatchObject(expected);
    expect(head).toMatchObject(expected);
    expect(answer.LastModified?.getMilliseconds()).toBe(0);
    expect(await answer.Body?.transformToString()).toBe('0123456789');
  });

  check('gives ranges of bytes', async (place) => {
    await putAll(place, ['digits'], '0123456789');

    const part = { status: 206, length: 3 };
    expect(await get(place, { Range: 'bytes=0-2' })).toEqual({ ...part, range: 'bytes 0-2/10', text: '012' });
    expect(await get(place, { Range: 'bytes=7-' })).toEqual({ ...part, range: 'bytes 7-9/10', text: '789' });
    expect(await get(place, { Range: 'bytes=7-99' })).toEqual({ ...part, range: 'bytes 7-9/10', text: '789' });
    expect(await get(place, { Range: 'bytes=-3' })).toEqual({ ...part, range: 'bytes 7-9/10', text: '789' });
  });

  check('gives all for a suffix that is longer than the object', async (place) => {
    await putAll(place, ['digits'], '0123456789');

    expect(await get(place, { Range: 'bytes=-99' })).toMatchObject({ status: 206, text: '0123456789' });
  });

  check('refuses a range that no byte lies in', async (place) => {
    await putAll(place, ['digits'], '0123456789');

    const refused = { code: 'InvalidRange', status: 416 };
    expect(await failureOf(get(place, { Range: 'bytes=10-' }))).toEqual(refused);
    expect(await failureOf(get(place, { Range: 'bytes=-0' }))).toEqual(refused);
  });

  check('passes over what is no range', async (place) => {
    await putAll(place, ['digits'], '0123456789');

    expect(await get(place, { Range: 'bytes=5-2' })).toMatchObject({ status: 200, text: '0123456789' });
  });

  check('gives an object only if it is the one meant', async (place) => {
    await putAll(place, ['digits'], '0123456789');

    expect(await get(place, { IfMatch: MD5_OF_DIGITS })).toMatchObject({ status: 200 });
    expect(await get(place, { IfNoneMatch: OTHER })).toMatchObject({ status: 200 });
    expect(await failureOf(get(place, { IfMatch: OTHER }))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect((await failureOf(get(place, { IfNoneMatch: MD5_OF_DIGITS }))).status).toBe(304);
  });

  check('gives an object only if it changed since', async (place) => {
    await putAll(place, ['digits'], '0123456789');
    const [past, future] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];

    expect(await get(place, { IfModifiedSince: past })).toMatchObject({ status: 200 });
    expect(await get(place, { IfUnmodifiedSince: future })).toMatchObject({ status: 200 });
    expect((await failureOf(get(place, { IfUnmodifiedSince: past }))).status).toBe(412);
  });

  check('says definitely that an object is absent', async (place) => {
    const { client, bucket: Bucket } = place;

    expect(await failureOf(get(place))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await failureOf(client.send(new HeadObjectCommand({ Bucket, Key: 'digits' })))).toEqual({
      code: 'NotFound',
      status: 404,
    });
  });

  check('does not take an absent bucket for an absent object', async ({ client, bucket }) => {
    const request = client.send(new GetObjectCommand({ Bucket: `${bucket}-missing`, Key: 'a' }));

    expect(await failureOf(request)).toEqual({ code: 'NoSuchBucket', status: 404 });
  });

  check('gives an empty object', async (place) => {
    await putAll(place, ['digits'], '');

    expect(await get(place)).toMatchObject({ status: 200, length: 0, text: '' });
  });
}
