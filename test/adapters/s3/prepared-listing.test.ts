import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { type ListObjectsV2CommandInput, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { requestList } from '#adapters/s3/list-request.ts';
import { type SentRequest, watchRequests } from '#adapters/s3/watch-requests.ts';

const BUCKET = 'checkpoints';
const EMPTY_PAGE = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const SLOW_DOWN = '<Error><Code>SlowDown</Code></Error>';

interface Sent {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

type Answer = readonly [status: number, body: string];

interface RecordingOptions {
  readonly pathStyle?: boolean;
  readonly accessKeyId?: () => string;
  readonly secret?: () => string;
  /** Empty for none. */
  readonly sessionToken?: string | (() => string);
  readonly signer?: object;
}

/** A client of which nothing leaves the process, and what it has sent. The first answers are as given, all others empty pages. */
function recording(answers: Answer[] = [], options: RecordingOptions = {}) {
  const sent: Sent[] = [];
  const client = new S3Client({
    region: 'eu-central-1',
    forcePathStyle: options.pathStyle ?? false,
    credentials: async () => ({
      accessKeyId: options.accessKeyId?.() ?? 'AKIA',
      secretAccessKey: options.secret?.() ?? 'secret',
      ...(typeof options.sessionToken === 'function' ? { sessionToken: options.sessionToken() } : {}),
      ...(typeof options.sessionToken === 'string' && options.sessionToken !== ''
        ? { sessionToken: options.sessionToken }
        : {}),
      // At its end, so that they are asked for each time.
      expiration: new Date(0),
    }),
    ...(options.signer === undefined ? {} : { signer: options.signer as never }),
    requestHandler: {
      handle: async (request: Sent) => {
        sent.push({ ...request, headers: { ...request.headers } });
        const [statusCode, body] = answers.shift() ?? [200, EMPTY_PAGE];
        return { response: { statusCode, headers: {}, body: Readable.from([Buffer.from(body)]) } };
      },
    } as never,
  });
  let attempts = 0;
  let throttled = 0;
  const on = { sent: () => void attempts++, throttled: () => void throttled++ };
  const list = async (input: Partial<ListObjectsV2CommandInput> = {}) =>
    await requestList(client, { Bucket: BUCKET, ...input }, undefined, on);
  return { client, sent, list, told: () => ({ attempts, throttled }) };
}

/** Of each attempt: which it is, when it was signed, and the signature. */
const OF_THE_ATTEMPT = new Set(['amz-sdk-invocation-id', 'amz-sdk-request', 'x-amz-date', 'authorization']);

function lasting({ method, hostname, path, query, headers }: Sent) {
  const own = Object.entries(headers).filter(([name]) => !OF_THE_ATTEMPT.has(name));
  return { method, hostname, path, query, headers: Object.fromEntries(own) };
}

/** Whether the SDK counts its attempts there: the first mark of a request that it has prepared itself. */
function isOfSdk({ headers }: Sent): boolean {
  return 'amz-sdk-request' in headers;
}

const TEXT = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('flink/a b+c%2F~*/'));
const INPUT = fc.record(
  {
    Prefix: TEXT,
    Delimiter: fc.constant('/'),
    StartAfter: TEXT,
    ContinuationToken: TEXT,
    MaxKeys: fc.integer({ min: 1, max: 1_000 }),
    OptionalObjectAttributes: fc.constant<'RestoreStatus'[]>(['RestoreStatus']),
    ExpectedBucketOwner: fc.constantFrom('111122223333', '444455556666'),
    RequestPayer: fc.constant('requester' as const),
  },
  { requiredKeys: [] },
);

afterEach(() => {
  vi.useRealTimers();
});

describe('A listing that is sent again with another query', () => {
  it('is what the SDK would send', async () => {
    await fc.assert(
      fc.asyncProperty(INPUT, INPUT, fc.boolean(), async (first, second, pathStyle) => {
        const fresh = recording([], { pathStyle });
        const used = recording([], { pathStyle });
        const { ExpectedBucketOwner, RequestPayer, OptionalObjectAttributes } = second;
        const fixed = { ExpectedBucketOwner, RequestPayer, OptionalObjectAttributes };

        await fresh.list(second);
        await used.list({ ...first, ...fixed });
        await used.list({ ...second, ...fixed });

        expect(used.sent.map(isOfSdk)).toEqual([true, false]);
        expect(used.sent.slice(1).map(lasting)).toEqual(fresh.sent.map(lasting));
      }),
      { numRuns: 100 },
    );
  });

  it('is signed as the SDK would sign it, once the SDK has signed one', async () => {
    const times = fc.date({ min: new Date('2015-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(INPUT, INPUT, times, fc.string(), async (first, second, time, sessionToken) => {
        vi.useFakeTimers({ toFake: ['Date'], now: time });
        const bySdk = recording([], { sessionToken });
        const repeated = recording([], { sessionToken });
        const { ExpectedBucketOwner, RequestPayer, OptionalObjectAttributes } = second;
        const fixed = { ExpectedBucketOwner, RequestPayer, OptionalObjectAttributes };

        for (const input of [first, second]) await bySdk.list({ ...input, ...fixed });
        for (const input of [first, first, second]) await repeated.list({ ...input, ...fixed });

        expect(repeated.sent.map(isOfSdk)).toEqual([true, false, false]);
        expect(repeated.sent[2]).toEqual(bySdk.sent[1]);
      }),
      { numRuns: 100 },
    );
  });

  it('is signed for the day and with the credentials of the moment, also when the SDK has signed one before', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-01T23:59:59Z') });
    let keys = 0;
    const credentials = { accessKeyId: () => `KEY${keys}`, secret: () => `secret${keys}` };
    const repeated = recording([], credentials);
    for (const prefix of ['a', 'b']) await repeated.list({ Prefix: prefix });

    vi.setSystemTime(new Date('2026-12-02T00:00:01Z'));
    keys++;
    await repeated.list({ Prefix: 'c' });

    const bySdk = recording([], credentials);
    for (const prefix of ['a', 'c']) await bySdk.list({ Prefix: prefix });
    expect(repeated.sent.map(({ headers }) => headers['x-amz-date'])).toEqual([
      '20261201T235959Z',
      '20261201T235959Z',
      '20261202T000001Z',
    ]);
    expect(repeated.sent[2]).toEqual(bySdk.sent[1]);
  });

  it.each([
    ['', 'first', 'second', ''],
    ['first', '', 'second', 'third'],
  ])(
    'is signed with the session of the moment, where credentials have one and where they have none: %j, %j, %j, %j',
    async (...tokens) => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-01T12:00:00Z') });
      let token = '';
      const repeated = recording([], { sessionToken: () => token });
      await repeated.list();
      for (const each of tokens) {
        token = each;

        await repeated.list({ Prefix: 'a' });

        const bySdk = recording([], { sessionToken: each });
        await bySdk.list();
        await bySdk.list({ Prefix: 'a' });
        expect(repeated.sent.at(-1)).toEqual(bySdk.sent.at(-1));
      }
    },
  );

  it('is signed by the SDK each time where it signs in another way', async () => {
    const signer = {
      sign: async (request: Sent) => ({ ...request, headers: { ...request.headers, authorization: 'mine' } }),
    };
    const { sent, list } = recording([], { signer });

    for (const prefix of ['a', 'b', 'c']) await list({ Prefix: prefix });

    expect(sent.map(({ headers }) => headers.authorization)).toEqual(['mine', 'mine', 'mine']);
    expect(sent.map(isOfSdk)).toEqual([true, false, false]);
  });

  it('is prepared anew where more than the query differs', async () => {
    const { sent, list } = recording();

    await list();
    await list({ ExpectedBucketOwner: '111122223333' });
    await list({ ExpectedBucketOwner: '444455556666' });
    await list({ Bucket: 'other' });
    await list({ ExpectedBucketOwner: '111122223333' });

    expect(sent.map(isOfSdk)).toEqual([true, true, true, true, false]);
    expect(sent.map(({ headers }) => headers['x-amz-expected-bucket-owner'])).toEqual([
      undefined,
      '111122223333',
      '444455556666',
      undefined,
      '111122223333',
    ]);
  });

  it('is signed with the credentials of the moment', async () => {
    let keys = 0;
    const { sent, list } = recording([], { accessKeyId: () => `KEY${keys}` });

    await list();
    keys++;
    await list();

    expect(sent.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
      'KEY0',
      'KEY1',
    ]);
  });

  it.each<[string, Answer]>([
    ['throttled', [503, SLOW_DOWN]],
    ['cut', [200, EMPTY_PAGE.slice(0, -5)]],
    ['a failure in the clothes of a page', [200, SLOW_DOWN]],
  ])('is the first attempt of the SDK where the answer is %s', async (_what, answer) => {
    const { sent, list, told } = recording([[200, EMPTY_PAGE], answer]);

    await list({ Prefix: 'a' });
    const { page } = await list({ Prefix: 'b' });
    await list({ Prefix: 'c' });

    expect({ ...page, objects: [...page.objects] }).toEqual({ objects: [], folders: [], next: null });
    expect(sent.map(({ query }) => query.prefix)).toEqual(['a', 'b', 'b', 'c']);
    expect(sent.map(({ headers }) => headers['amz-sdk-request'])).toEqual([
      'attempt=1; max=3',
      undefined,
      'attempt=2; max=3',
      undefined,
    ]);
    expect(told()).toEqual({ attempts: 4, throttled: answer[0] === 503 ? 1 : 0 });
  });

  it('fails as the SDK fails', async () => {
    const denied: Answer = [403, '<Error><Code>AccessDenied</Code><Message>No.</Message></Error>'];
    const { sent, list } = recording([[200, EMPTY_PAGE], denied]);

    await list();
    const failure = await list().catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'AccessDenied', message: 'No.', $metadata: { httpStatusCode: 403 } });
    expect(sent.length).toBe(2);
  });

  it('is told once to who watches, also where it fails', async () => {
    const told: SentRequest[] = [];
    const { client, list } = recording([
      [200, EMPTY_PAGE],
      [200, EMPTY_PAGE],
      [503, SLOW_DOWN],
    ]);
    watchRequests(client, (request) => told.push(request));

    for (const prefix of ['a', 'b', 'c']) await list({ Prefix: prefix });

    const url = (prefix: string) => `https://${BUCKET}.s3.eu-central-1.amazonaws.com/?list-type=2&prefix=${prefix}`;
    expect(told.map(({ operation, status, url: asked }) => [operation, status, asked])).toEqual([
      ['ListObjectsV2', 200, url('a')],
      ['ListObjectsV2', 200, url('b')],
      ['ListObjectsV2', 503, url('c')],
      ['ListObjectsV2', 200, url('c')],
    ]);
  });
});
