import { Buffer } from 'node:buffer';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { BUCKET, type ServedS3, useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();

interface Answered {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly body: string;
}

/** Sends exactly this path, which `fetch` would normalise. */
function send(
  { s3 }: ServedS3,
  method: string,
  path: string,
  { body = '', headers = {} }: { body?: string | Buffer; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(s3.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode, code: /<Code>(.*?)<\/Code>/.exec(text)?.[1], body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const CHECKED = { 'x-amz-checksum-crc64nvme': 'not looked at' };

describe('A request that no SDK would send', () => {
  it.each([
    ['GET', `/${BUCKET}/%zz`, 400, 'InvalidURI'],
    ['GET', `/${BUCKET}/%ff`, 400, 'InvalidURI'],
    ['GET', `/${BUCKET}?acl`, 501, 'NotImplemented'],
    ['GET', `/${BUCKET}/a?tagging`, 501, 'NotImplemented'],
    ['PUT', `/${BUCKET}/a?retention`, 501, 'NotImplemented'],
    ['PATCH', `/${BUCKET}/a`, 405, 'MethodNotAllowed'],
    ['POST', '/', 405, 'MethodNotAllowed'],
    ['POST', `/${BUCKET}/a`, 405, 'MethodNotAllowed'],
    ['PUT', '/No_Bucket', 400, 'InvalidBucketName'],
    ['GET', `/${BUCKET}?list-type=2&max-keys=many`, 400, 'InvalidArgument'],
    ['GET', `/${BUCKET}?list-type=2&max-keys=-1`, 400, 'InvalidArgument'],
    ['GET', `/${BUCKET}?list-type=2&encoding-type=base64`, 400, 'InvalidArgument'],
    ['GET', `/${BUCKET}?versions&version-id-marker=1`, 400, 'InvalidArgument'],
    ['PUT', `/${BUCKET}/a?uploadId=none&partNumber=1`, 404, 'NoSuchUpload'],
  ])('%s %s is answered with %i %s', async (method, path, status, code) => {
    const served = await serve();

    expect(await send(served, method, path)).toMatchObject({ status, code });
    expect(served.s3.keys(BUCKET)).toEqual([]);
  });

  it('takes a plus sign for a space in the query, and for itself in the path', async () => {
    const served = await serve();
    served.s3.put(BUCKET, 'a b+c', 'content');

    const listed = await send(served, 'GET', `/${BUCKET}?list-type=2&prefix=a+b%2B`);
    const got = await send(served, 'GET', `/${BUCKET}/a%20b+c`);

    expect(listed.body).toContain('<Key>a b+c</Key>');
    expect(got).toMatchObject({ status: 200, body: 'content' });
  });

  it('does not normalise paths', async () => {
    const served = await serve();

    await send(served, 'PUT', `/${BUCKET}//x/./../y//`, { body: 'content' });

    expect(served.s3.keys(BUCKET)).toEqual(['/x/./../y//']);
  });

  it('sees a bucket with a slash at the end as the bucket', async () => {
    const served = await serve();
    served.s3.put(BUCKET, 'a', 'a');

    expect((await send(served, 'GET', `/${BUCKET}/?list-type=2`)).body).toContain('<Key>a</Key>');
  });

  it('refuses a copy in a place where none can be', async () => {
    const served = await serve();
    const headers = { 'x-amz-copy-source': `${BUCKET}/a` };

    const answered = await send(served, 'PUT', `/${BUCKET}/b?uploadId=u&partNumber=1`, { headers });

    expect(answered).toMatchObject({ status: 501, code: 'NotImplemented' });
  });
});

describe('The XML of a request', () => {
  const MALFORMED = { status: 400, code: 'MalformedXML' };

  it.each([
    ['nothing', ''],
    ['text', 'a'],
    ['another document', '<LifecycleConfiguration/>'],
    ['no object', '<Delete></Delete>'],
    ['no key', '<Delete><Object><ETag>e</ETag></Object></Delete>'],
    ['an empty key', '<Delete><Object><Key></Key></Object></Delete>'],
    ['an open element', '<Delete><Object><Key>a</Key></Object>'],
    ['crossed elements', '<Delete><Object><Key>a</Object></Key></Delete>'],
    ['an element too many', '<Delete><Object><Key>a</Key></Object></Delete></Delete>'],
    ['two documents', '<Delete><Object><Key>a</Key></Object></Delete><Delete/>'],
    ['text behind the end', '<Delete><Object><Key>a</Key></Object></Delete>a'],
    ['an open bracket', '<Delete><Object><Key>a < b</Key></Object></Delete>'],
    ['an unknown entity', '<Delete><Object><Key>&nbsp;</Key></Object></Delete>'],
    ['a bare ampersand', '<Delete><Object><Key>a & b</Key></Object></Delete>'],
    ['a character beyond Unicode', '<Delete><Object><Key>&#x110000;</Key></Object></Delete>'],
    ['a document type', '<!DOCTYPE Delete><Delete><Object><Key>a</Key></Object></Delete>'],
    ['an attribute without quotes', '<Delete a=b><Object><Key>a</Key></Object></Delete>'],
    ['a control character', '<Delete><Object><Key>a\u0001</Key></Object></Delete>'],
  ])('with %s is refused, and nothing is deleted', async (_, body) => {
    const served = await serve();
    served.s3.put(BUCKET, 'a', 'a');

    expect(await send(served, 'POST', `/${BUCKET}?delete`, { body, headers: CHECKED })).toMatchObject(MALFORMED);
    expect(served.s3.keys(BUCKET)).toEqual(['a']);
  });

  it('may have what XML allows', async () => {
    const served = await serve();
    served.s3.put(BUCKET, 'a<b>&\r\u{1f600}c', 'a');
    const body = `<?xml version="1.0" encoding="UTF-8"?>
      <!-- <Key>z</Key> -->
      <Delete xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/'>
        <Quiet/>
        <Object ><Key>a&lt;b<![CDATA[>&]]>&#13;&#x1F600;c</Key></Object>
      </Delete>`;

    expect((await send(served, 'POST', `/${BUCKET}?delete`, { body, headers: CHECKED })).status).toBe(200);
    expect(served.s3.keys(BUCKET)).toEqual([]);
  });

  it('is refused without a checksum', async () => {
    const served = await serve();
    served.s3.put(BUCKET, 'a', 'a');
    const body = '<Delete><Object><Key>a</Key></Object></Delete>';

    const answered = await send(served, 'POST', `/${BUCKET}?delete`, { body });

    expect(answered).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(served.s3.keys(BUCKET)).toEqual(['a']);
  });
});

describe('A body in chunks', () => {
  const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'content-encoding': 'aws-chunked' };
  const put = async (served: ServedS3, body: string, more: Record<string, string> = {}) =>
    send(served, 'PUT', `/${BUCKET}/a`, { body, headers: { ...headers, ...more } });

  it('is put together, signatures and all', async () => {
    const served = await serve();
    const body = '4;chunk-signature=00\r\n1234\r\nA\r\n567890abcd\r\n0\r\nx-amz-checksum-crc32:8qTlkA==\r\n\r\n';

    const answered = await put(served, body, { 'x-amz-decoded-content-length': '14' });

    expect(answered).toMatchObject({ status: 200, body: '' });
    expect(served.s3.object(BUCKET, 'a')?.content).toEqual(Buffer.from('1234567890abcd'));
  });

  it('is checked against the checksum that follows it', async () => {
    const served = await serve();

    const answered = await put(served, '1\r\na\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n');

    expect(answered).toMatchObject({ status: 400, code: 'BadDigest' });
  });

  it.each([
    ['ends too early', '4\r\n12'],
    ['has no end', '2\r\n12\r\n'],
    ['has a chunk that is longer than it says', '1\r\n12\r\n0\r\n\r\n'],
    ['has no sizes', 'content'],
  ])('is refused when it %s', async (_, body) => {
    const served = await serve();

    expect(await put(served, body)).toMatchObject({ status: 400, code: 'IncompleteBody' });
    expect(served.s3.keys(BUCKET)).toEqual([]);
  });

  it('is refused when its length is not the one announced', async () => {
    const served = await serve();

    const answered = await put(served, '1\r\na\r\n0\r\n\r\n', { 'x-amz-decoded-content-length': '2' });

    expect(answered).toMatchObject({ status: 400, code: 'IncompleteBody' });
  });

  it('is no property of the object', async () => {
    const served = await serve();

    await put(served, '1\r\na\r\n0\r\n\r\n', { 'content-encoding': 'aws-chunked, gzip' });

    expect(served.s3.object(BUCKET, 'a')?.headers).toEqual({ 'content-encoding': 'gzip' });
  });
});
