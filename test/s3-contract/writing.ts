import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Check, failureOf, type Place } from '#test/s3-contract/describe-s3.ts';
import { putAll } from '#test/s3-contract/put-all.ts';

const MD5_OF_OLD = '"149603e6c03516362a8da23f624db945"';
const OTHER = '"00000000000000000000000000000000"';
const FAILED = { code: 'PreconditionFailed', status: 412 };

function put({ client, bucket }: Place, input: Partial<PutObjectCommandInput> = {}) {
  return client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'new', ...input }));
}

async function read({ client, bucket }: Place, Key = 'a'): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return Body?.transformToString();
}

export function writingContract(check: Check): void {
  check('replaces content, and the ETag with it', async (place) => {
    await putAll(place, ['a'], 'old');

    const { ETag } = await put(place);

    expect(ETag).toBe('"22af645d1859cb5ca6da0c484f1f37ea"');
    expect(await read(place)).toBe('new');
  });

  check('writes only where nothing is', async (place) => {
    await put(place, { IfNoneMatch: '*', Body: 'old' });

    expect(await failureOf(put(place, { IfNoneMatch: '*' }))).toEqual(FAILED);
    expect(await read(place)).toBe('old');
  });

  check('writes only over what is meant', async (place) => {
    await putAll(place, ['a'], 'old');

    expect(await failureOf(put(place, { IfMatch: OTHER }))).toEqual(FAILED);
    expect(await read(place)).toBe('old');
    await put(place, { IfMatch: MD5_OF_OLD });
    expect(await read(place)).toBe('new');
  });

  check('writes over nothing where something is meant to be', async (place) => {
    expect(await failureOf(put(place, { IfMatch: OTHER }))).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  check('takes a stream of unknown content in chunks', async (place) => {
    // Prepare
    const chunks = Array.from({ length: 40 }, (_, n) => Buffer.alloc(10_000 + n, n));
    const whole = Buffer.concat(chunks);

    // Act
    const { ETag } = await put(place, { Body: Readable.from(chunks), ContentLength: whole.length });

    // Assess
    expect(ETag).toBe(`"${createHash('md5').update(whole).digest('hex')}"`);
    const { Body, ContentEncoding } = await place.client.send(new GetObjectCommand({ Bucket: place.bucket, Key: 'a' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true);
    expect(ContentEncoding).toBeUndefined();
  });

  check('refuses content that does not match its digest', async (place) => {
    const request = put(place, { ContentMD5: createHash('md5').update('other').digest('base64') });

    expect(await failureOf(request)).toEqual({ code: 'BadDigest', status: 400 });
  });

  check('refuses content that does not match its checksum', async (place) => {
    expect((await failureOf(put(place, { ChecksumCRC32: 'AAAAAA==' }))).status).toBe(400);
  });

  check('refuses a key of more than 1,024 bytes', async (place) => {
    await put(place, { Key: 'é'.repeat(100) });

    expect(await failureOf(put(place, { Key: `${'k/'.repeat(512)}k` }))).toEqual({
      code: 'KeyTooLongError',
      status: 400,
    });
  });

  check('copies content and metadata', async (place) => {
    // Prepare
    const { client, bucket: Bucket } = place;
    await put(place, { Metadata: { who: 'flink' }, ContentType: 'text/plain' });

    // Act
    const { CopyObjectResult } = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }),
    );

    // Assess
    expect(CopyObjectResult?.ETag).toBe('"22af645d1859cb5ca6da0c484f1f37ea"');
    expect(await read(place, 'b')).toBe('new');
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'b' }))).toMatchObject({
      Metadata: { who: 'flink' },
      ContentType: 'text/plain',
    });
  });

  check('copies with new metadata where asked to', async (place) => {
    const { client, bucket: Bucket } = place;
    await put(place, { Metadata: { who: 'flink' } });
    const replace = { MetadataDirective: 'REPLACE' as const, Metadata: { why: 'retired' } };

    await client.send(new CopyObjectCommand({ Bucket, Key: 'a', CopySource: `/${Bucket}/a`, ...replace }));

    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(head.Metadata).toEqual({ why: 'retired' });
  });

  check('copies only what is meant', async (place) => {
    await putAll(place, ['a'], 'old');
    const { client, bucket: Bucket } = place;
    const copy = (CopySourceIfMatch: string) =>
      client.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a`, CopySourceIfMatch }));

    expect(await failureOf(copy(OTHER))).toEqual(FAILED);
    expect((await copy(MD5_OF_OLD)).$metadata.httpStatusCode).toBe(200);
  });

  check('copies nothing from nowhere', async ({ client, bucket: Bucket }) => {
    const request = client.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));

    expect(await failureOf(request)).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  check('refuses to copy an object to itself as it is', async (place) => {
    await putAll(place, ['a']);
    const { client, bucket: Bucket } = place;
    const request = client.send(new CopyObjectCommand({ Bucket, Key: 'a', CopySource: `${Bucket}/a` }));

    expect(await failureOf(request)).toEqual({ code: 'InvalidRequest', status: 400 });
  });
}
