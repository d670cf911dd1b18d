import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { failureOf } from '#test/s3-contract/describe-s3.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();

const get = (Key = 'a') => new GetObjectCommand({ Bucket: BUCKET, Key });
const list = (Prefix = '') => new ListObjectsV2Command({ Bucket: BUCKET, Prefix, MaxKeys: 2 });

describe('A fault that answers', () => {
  it.each([
    ['SlowDown', 503],
    ['InternalError', 500],
    ['AccessDenied', 403],
    ['KMS.DisabledException', 400],
    ['NoSuchKey', 404],
    ['RequestTimeTooSkewed', 403],
  ])('gives %s with status %i', async (code, status) => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');
    s3.faults.add({ match: {}, do: { kind: 'answer', code } });

    expect(await failureOf(client.send(get()))).toEqual({ code, status });
  });

  it('can have any code, status, message and header', async () => {
    const { s3, client } = await serve();
    const headers = { 'retry-after': '7' };
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'Odd', status: 418, message: 'tea', headers } });

    await expect(client.send(get())).rejects.toMatchObject({
      name: 'Odd',
      message: 'tea',
      $metadata: { httpStatusCode: 418 },
      $response: { headers: { 'retry-after': '7' } },
    });
  });

  it('leaves undone what was asked', async () => {
    const { s3, client } = await serve();
    s3.faults.add({ match: {}, do: { kind: 'answer', code: 'InternalError' } });

    await failureOf(client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'a' })));

    expect(s3.keys(BUCKET)).toEqual([]);
  });
});

describe('The match of a fault', () => {
  const answer = { kind: 'answer', code: 'SlowDown' } as const;

  it('holds for the operations named', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');
    s3.faults.add({ match: { operation: ['GetObject', 'ListObjectsV2'] }, do: answer });

    expect((await failureOf(client.send(get()))).code).toBe('SlowDown');
    expect((await failureOf(client.send(list()))).code).toBe('SlowDown');
    await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a' }));
  });

  it('holds for keys, and for prefixes of listings', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'j/a', 'a');
    s3.put(BUCKET, 'k', 'k');
    s3.faults.add({ match: { key: /^j\//g }, do: answer });

    expect((await failureOf(client.send(get('j/a')))).code).toBe('SlowDown');
    expect((await failureOf(client.send(get('j/a')))).code).toBe('SlowDown');
    expect((await failureOf(client.send(list('j/')))).code).toBe('SlowDown');
    await client.send(get('k'));
    await client.send(list());
  });

  it('holds for exactly one key that is given as a string', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'ab', 'a');
    s3.faults.add({ match: { key: 'a' }, do: answer });

    expect((await failureOf(client.send(get('a')))).code).toBe('SlowDown');
    await client.send(get('ab'));
  });

  it('holds for one bucket', async () => {
    const { s3, client } = await serve({ buckets: [BUCKET, 'other'] });
    s3.faults.add({ match: { bucket: BUCKET }, do: answer });

    expect((await failureOf(client.send(list()))).code).toBe('SlowDown');
    await client.send(new ListObjectsV2Command({ Bucket: 'other' }));
  });

  it.each([
    ['a number', 2, ['', 'SlowDown', '', '']],
    ['numbers', [1, 3], ['SlowDown', '', 'SlowDown', '']],
    ['a condition', (nth: number) => nth > 2, ['', '', 'SlowDown', 'SlowDown']],
  ])('counts the requests that match otherwise, by %s', async (_, nth, expected) => {
    const { s3, client } = await serve();
    s3.faults.add({ match: { operation: 'ListObjectsV2', nth }, do: answer });

    const codes: string[] = [];
    for (let request = 0; request < 4; request++) {
      await failureOf(client.send(get()));
      codes.push(
        await client.send(list()).then(
          () => '',
          ({ name }: Error) => name,
        ),
      );
    }

    expect(codes).toEqual(expected);
  });

  it('holds until the rule is taken away', async () => {
    const { s3, client } = await serve();
    const takeAway = s3.faults.add({ match: {}, do: answer });
    s3.faults.add({ match: { key: 'never' }, do: answer });

    takeAway();
    await client.send(list());
    s3.faults.clear();

    expect((await failureOf(client.send(get('never')))).code).toBe('NoSuchKey');
  });
});

describe('A fault that plays another writer', () => {
  it('changes the bucket between two pages', async () => {
    // Prepare
    const { s3, client } = await serve();
    for (const key of ['chk-10/_metadata', 'chk-9/_metadata', 'shared/a']) s3.put(BUCKET, key, 'x');
    s3.faults.add({
      match: { operation: 'ListObjectsV2', nth: 2 },
      do: {
        kind: 'run',
        callback: () => {
          s3.put(BUCKET, 'chk-11/_metadata', 'x');
          s3.erase(BUCKET, 'shared/a');
        },
      },
    });

    // Act
    const first = await client.send(list());
    const second = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: first.NextContinuationToken }),
    );

    // Assess: the new checkpoint sorts into the page that is read already.
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['chk-10/_metadata', 'chk-9/_metadata']);
    expect(second.Contents).toBeUndefined();
    expect(s3.keys(BUCKET)).toEqual(['chk-10/_metadata', 'chk-11/_metadata', 'chk-9/_metadata']);
  });

  it('knows which request it was', async () => {
    const { s3, client } = await serve();
    const seen: string[] = [];
    const callback = ({ operation, bucket, key }: { operation: string; bucket: string; key: string }) => {
      seen.push(`${operation} ${bucket} ${key}`);
    };
    s3.faults.add({ match: {}, do: { kind: 'run', callback } });

    await failureOf(client.send(get('a b')));

    expect(seen).toEqual([`GetObject ${BUCKET} a b`]);
  });

  it('comes before what follows it in the same rule', async () => {
    const { s3, client } = await serve();
    s3.faults.add({
      match: {},
      do: [
        { kind: 'latency', milliseconds: 1 },
        { kind: 'run', callback: async () => void s3.put(BUCKET, 'a', 'a') },
        { kind: 'answer', code: 'SlowDown' },
      ],
    });

    expect((await failureOf(client.send(list()))).code).toBe('SlowDown');
    expect(s3.keys(BUCKET)).toEqual(['a']);
  });

  it('answers with what its callback throws', async () => {
    const { s3, client } = await serve();
    const callback = () => {
      throw new Error('the test is wrong');
    };
    s3.faults.add({ match: {}, do: { kind: 'run', callback } });

    await expect(client.send(list())).rejects.toMatchObject({
      name: 'InternalError',
      message: 'Error: the test is wrong',
    });
  });

  it('does what was asked though the client gave up meanwhile', async () => {
    // Prepare
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');
    const given: { up?: () => void } = {};
    const gaveUp = new Promise<void>((resolve) => {
      given.up = resolve;
    });
    const abort = new AbortController();
    s3.faults.add({
      match: { operation: 'DeleteObjects' },
      do: {
        kind: 'run',
        callback: () => {
          abort.abort();
          return gaveUp;
        },
      },
    });

    // Act
    const request = client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'a' }] } }), {
      abortSignal: abort.signal,
    });
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
    const before = s3.keys(BUCKET);
    given.up?.();
    await client.send(list());

    // Assess
    expect({ before, after: s3.keys(BUCKET) }).toEqual({ before: ['a'], after: [] });
  });
});

describe('A fault that spares keys', () => {
  it('refuses them in a batch, and deletes the others', async () => {
    const { s3, client } = await serve();
    for (const key of ['a', 'locked/a', 'locked/b']) s3.put(BUCKET, key, 'x');
    const message = 'Access Denied because object protected by object lock.';
    s3.faults.add({
      match: { operation: ['DeleteObjects', 'DeleteObject'] },
      do: { kind: 'refuse-keys', keys: /^locked\//g, code: 'AccessDenied', message },
    });

    const { Deleted, Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: s3.keys(BUCKET).map((Key) => ({ Key })) } }),
    );

    expect(Deleted).toEqual([{ Key: 'a' }]);
    expect(Errors).toEqual([
      { Key: 'locked/a', Code: 'AccessDenied', Message: message },
      { Key: 'locked/b', Code: 'AccessDenied', Message: message },
    ]);
    expect(s3.keys(BUCKET)).toEqual(['locked/a', 'locked/b']);
  });
});

describe('A fault that refuses deletions as such', () => {
  const batch = () => new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }] } });

  it('does so by what the body holds', async () => {
    const { s3, client } = await serve();
    for (const key of ['a', 'b']) s3.put(BUCKET, key, 'x');
    const takeAway = s3.faults.add({ match: {}, do: { kind: 'refuse-body', body: />b</g, code: 'MalformedXML' } });

    expect(await failureOf(client.send(batch()))).toEqual({ code: 'MalformedXML', status: 400 });
    expect(await failureOf(client.send(batch()))).toEqual({ code: 'MalformedXML', status: 400 });
    expect(s3.keys(BUCKET)).toEqual(['a', 'b']);
    takeAway();
    await client.send(batch());
    expect(s3.keys(BUCKET)).toEqual([]);
  });

  it('does so without a Content-MD5', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'x');
    s3.faults.add({ match: {}, do: { kind: 'demand-content-md5', code: 'MissingContentMD5' } });

    expect(await failureOf(client.send(batch()))).toEqual({ code: 'MissingContentMD5', status: 400 });
    expect(s3.keys(BUCKET)).toEqual(['a']);
  });
});
