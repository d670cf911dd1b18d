import { Buffer } from 'node:buffer';
import { ListObjectsV2Command, type ListObjectsV2CommandInput, type S3Client } from '@aws-sdk/client-s3';
import { type ListPage, scanListPage } from './list-page-scanner.ts';
import { PageBuffer } from './page-buffer.ts';
import { forgetPrepared, PreparedListing, preparedListing, rememberPrepared } from './prepared-listing.ts';
import { sendOptions } from './send-options.ts';
import { BrokenPageError } from './xml-walk.ts';

export interface ListAnswer {
  readonly page: ListPage;
  /** The `Date` header: the store's clock when it answered. */
  readonly date: string | undefined;
}

/** What the SDK's HTTP handler answers, as far as it matters here. */
interface HttpAnswer {
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** What is told of the attempts of a request. */
export interface AttemptListener {
  readonly sent: () => void;
  /** One was answered with "slow down". */
  readonly throttled: () => void;
}

/**
 * One ListObjectsV2, its XML read by {@link scanListPage}. Signing, retries, credentials and errors are the SDK's: a
 * middleware next to the network takes the body of a good answer and passes on an empty one. An answer that is cut or
 * garbled counts as a failed attempt and is asked for again, as the SDK does for a connection that breaks.
 *
 * Once the SDK has prepared a listing of the bucket, that one is sent again with the query of this one. Where it fails,
 * it is the first attempt of the SDK's own request, which goes on from there as ever.
 */
export async function requestList(
  client: S3Client,
  input: ListObjectsV2CommandInput,
  signal: AbortSignal | undefined,
  on: AttemptListener,
): Promise<ListAnswer> {
  const asked = { ...input, EncodingType: 'url' as const };
  const reading = new PageReading(on);
  const prepared = preparedListing(client, asked);
  const first = prepared === undefined ? undefined : reading.attempt(() => prepared.send(asked, signal));
  await first?.catch(() => {});
  if (reading.answer !== undefined) return reading.answer;
  forgetPrepared(client, asked);
  return await requestOfSdk(client, asked, signal, reading, first);
}

/** @param failed an attempt that failed before. */
async function requestOfSdk(
  client: S3Client,
  input: ListObjectsV2CommandInput,
  signal: AbortSignal | undefined,
  reading: PageReading,
  failed: Promise<Answered> | undefined,
): Promise<ListAnswer> {
  const command = new ListObjectsV2Command(input);
  let first = failed;
  command.middlewareStack.add(
    (next) => async (args) => {
      const taken = first ?? reading.attempt(() => next(args));
      first = undefined;
      return (await taken) as Awaited<ReturnType<typeof next>>;
    },
    // Between what reads answers and what watches requests: that one was told of the failed attempt.
    { step: 'deserialize', priority: 'normal', name: 'scanListPage' },
  );
  command.middlewareStack.add(
    (next, context) => async (args) => {
      const prepared = PreparedListing.of(client, args.request, context);
      const result = await next(args);
      if (prepared !== null) rememberPrepared(client, input, prepared);
      return result;
    },
    { step: 'build', priority: 'low', name: 'rememberPrepared' },
  );
  await client.send(command, sendOptions(signal));
  if (reading.answer === undefined) throw new BrokenPageError('The listing was answered without a page');
  return reading.answer;
}

/** What an attempt gives the SDK. */
interface Answered {
  readonly response: unknown;
}

/** Reads the page from the first attempt that was answered with one. */
class PageReading {
  readonly #on: AttemptListener;
  answer: ListAnswer | undefined;

  constructor(on: AttemptListener) {
    this.#on = on;
  }

  async attempt(send: () => Promise<Answered>): Promise<Answered> {
    this.#on.sent();
    const result = await send();
    const { response } = result;
    if (!isHttpAnswer(response)) return result;
    if (response.statusCode === 503 || response.statusCode === 429) this.#on.throttled();
    if (response.statusCode !== 200) return result;
    const page = new PageBuffer();
    try {
      const body = await page.collect(response.body);
      if (isErrorDocument(body)) {
        // S3 may fail after it has answered 200; the SDK knows what to do with that.
        response.body = Buffer.from(body);
        return result;
      }
      this.answer = { page: scanListPage(body), date: response.headers.date };
      response.body = new Uint8Array();
      return result;
    } finally {
      page.release();
    }
  }
}

function isErrorDocument(body: Buffer): boolean {
  return body
    .toString('latin1', Math.max(0, body.length - 16))
    .trimEnd()
    .endsWith('</Error>');
}

function isHttpAnswer(response: unknown): response is HttpAnswer {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'body' in response;
}
