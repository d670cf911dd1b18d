import { DeleteObjectsCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();

const get = (Key = 'a') => new GetObjectCommand({ Bucket: BUCKET, Key });
const list = (Prefix = '') => new ListObjectsV2Command({ Bucket: BUCKET, Prefix, MaxKeys: 2 });

describe('A fault of the connection', () => {
  it('resets it', async () => {
    const { s3, client } = await serve();
    s3.faults.add({ match: {}, do: { kind: 'reset' } });

    await expect(client.send(get())).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('never answers, until the client gives up', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');
    // Given up before it has arrived, it would leave the fault to the next request.
    const giveUp = new AbortController();
    s3.faults.add({
      match: { nth: 1 },
      do: [{ kind: 'run', callback: () => giveUp.abort() }, { kind: 'hang' }],
    });

    const request = client.send(get(), { abortSignal: giveUp.signal });

    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
    await client.send(get());
  });

  it('closes with the server though requests hang', async () => {
    const { s3, client } = await serve();
    const arrived = new Promise<void>((resolve) => {
      s3.faults.add({ match: {}, do: [{ kind: 'run', callback: () => resolve() }, { kind: 'hang' }] });
    });
    const request = client.send(get()).catch(({ code }: { code?: string }) => code);

    await arrived;
    await s3.close();

    expect(await request).toBe('ECONNRESET');
  });

  it('loses the answer to what was done', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');
    s3.faults.add({ match: { operation: 'DeleteObjects' }, do: { kind: 'lose-answer' } });

    const request = client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'a' }] } }));

    await expect(request).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(s3.keys(BUCKET)).toEqual([]);
  });

  it.each([
    ['stored', '0123456789'],
    ['made up', { size: 10 }],
  ])('cuts a %s body short', async (_, body) => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', body);
    s3.faults.add({ match: {}, do: { kind: 'cut-body', afterBytes: 4 } });

    const { Body, ContentLength } = await client.send(get());
    const received: number[] = [];
    const reading = (async () => {
      for await (const chunk of Body as AsyncIterable<Uint8Array>) received.push(...chunk);
    })();

    await expect(reading).rejects.toThrow('aborted');
    expect({ ContentLength, received: received.length }).toEqual({ ContentLength: 10, received: 4 });
  });

  it('cuts a page of a listing short', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');
    s3.faults.add({ match: {}, do: { kind: 'cut-body', afterBytes: 200 } });

    await expect(client.send(list())).rejects.toThrow('aborted');
  });

  it('sends a body slowly, and whole', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', '0123456789');
    s3.faults.add({ match: {}, do: { kind: 'slow-body', bytesAtOnce: 3, pauseMilliseconds: 1 } });

    const { Body } = await client.send(get());
    const chunks: number[] = [];
    for await (const chunk of Body as AsyncIterable<Uint8Array>) chunks.push(chunk.length);

    expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(10);
    expect(chunks.length).toBeGreaterThan(1);
  });

  it('sends another body', async () => {
    const { s3, client } = await serve();
    s3.put(BUCKET, 'a', 'a');
    const rewrite = (body: string) => body.replace('<Size>1<', '<Size>one<');
    s3.faults.add({ match: {}, do: { kind: 'rewrite-body', rewrite } });

    const { Contents } = await client.send(list());

    // The SDK does not mind a size that is no number.
    expect(Contents?.map(({ Size }) => Size)).toEqual([Number.NaN]);
  });
});
