import { Buffer } from 'node:buffer';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Check, failureOf } from '#test/s3-contract/describe-s3.ts';

const NOT_IN_XML = 'a\u0001b';

/** Each by what is odd about it. */
const ODD: Readonly<Record<string, string>> = {
  'a space': 'a b',
  'spaces at both ends': ' a ',
  'a percent sign': '100%',
  'what looks like an escape': 'a%2Fb%20c',
  'a plus sign': 'a+b',
  'an ampersand': 'a&b=c&amp;d',
  'angle brackets': '<a>b</a>',
  quotes: `'a'"b"`,
  'a question mark': 'a?versionId=b#c',
  'characters of two and three bytes': 'é/日本',
  'characters beyond U+FFFF': '\u{1f600}/\u{10000}',
  'a combining mark': 'e\u0301',
  'two slashes': 'a//b',
  'a slash at the beginning': '/a',
  'a slash at the end': 'a/',
  'a dot as a name': 'a/./b',
  'two dots as a name': 'a/../b',
  'only dots': '..',
  'a newline': 'a\nb',
  'a carriage return': 'a\rb',
  'a tab': 'a\tb',
  'a control character': NOT_IN_XML,
  'a backslash': 'a\\b',
  "a URL's own characters": "a;b,c:d@e$f!g*h(i)j'k~l",
};

export function oddKeyContract(check: Check): void {
  for (const [oddity, Key] of Object.entries(ODD)) {
    check(`keeps a key with ${oddity}`, async ({ client, bucket: Bucket }) => {
      // Prepare
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      await client.send(new PutObjectCommand({ Bucket, Key: 'another', Body: 'another' }));

      // Act
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
      const got = await client.send(new GetObjectCommand({ Bucket, Key }));
      const head = await client.send(new HeadObjectCommand({ Bucket, Key }));

      // Assess
      expect(Contents.map((each) => decodeURIComponent((each.Key ?? '').replaceAll('+', ' ')))).toContain(Key);
      expect(await got.Body?.transformToString()).toBe(Key);
      expect(head.ContentLength).toBe(Buffer.byteLength(Key));
    });

    check(`copies and deletes a key with ${oddity}`, async ({ client, bucket: Bucket }) => {
      // Prepare
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;

      // Act
      await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
      const copied = await client.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
      const absent = await failureOf(client.send(new GetObjectCommand({ Bucket, Key })));

      // Assess
      expect(await copied.Body?.transformToString()).toBe(Key);
      expect(absent.code).toBe('NoSuchKey');
    });

    if (Key === NOT_IN_XML) continue;
    check(`deletes in a batch a key with ${oddity}`, async ({ client, bucket: Bucket }) => {
      // Prepare
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));

      // Act
      const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));

      // Assess
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
      expect({ Errors, Contents }).toEqual({ Errors: undefined, Contents: undefined });
    });
  }

  // The SDK writes such a key as it is, and XML 1.0 has no place for it.
  check('refuses a batch that names a control character', async ({ client, bucket: Bucket }) => {
    const request = client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: NOT_IN_XML }] } }));

    expect(await failureOf(request)).toEqual({ code: 'MalformedXML', status: 400 });
  });
}
