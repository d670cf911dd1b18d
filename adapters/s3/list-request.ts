import { Buffer } from 'node:buffer';
import { ListObjectsV2Command, type ListObjectsV2CommandInput, type S3Client } from '@aws-sdk/client-s3';
import { type ListPage, scanListPage } from './list-page-scanner.ts';
import { PageBuffer } from './page-buffer.ts';
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

/**
 * One ListObjectsV2, its XML read by {@link scanListPage}. Signing, retries, credentials and errors are the SDK's: a
 * middleware next to the network takes the body of a good answer and passes on an empty one. An answer that is cut or
 * garbled counts as a failed attempt and is asked for again, as the SDK does for a connection that breaks.
 *
 * @param on told of each attempt, and of each that was answered with "slow down".
 */
export async function requestList(
  client: S3Client,
  input: ListObjectsV2CommandInput,
  signal: AbortSignal | undefined,
  on: { readonly sent: () => void; readonly throttled: () => void },
): Promise<ListAnswer> {
  const command = new ListObjectsV2Command({ ...input, EncodingType: 'url' });
  let answer: ListAnswer | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      on.sent();
      const result = await next(args);
      const { response } = result;
      if (!isHttpAnswer(response)) return result;
      if (response.statusCode === 503 || response.statusCode === 429) on.throttled();
      if (response.statusCode !== 200) return result;
      const page = new PageBuffer();
      try {
        const body = await page.collect(response.body);
        if (isErrorDocument(body)) {
          // S3 may fail after it has answered 200; the SDK knows what to do with that.
          response.body = Buffer.from(body);
          return result;
        }
        answer = { page: scanListPage(body), date: response.headers.date };
        response.body = new Uint8Array();
        return result;
      } finally {
        page.release();
      }
    },
    { step: 'deserialize', priority: 'low', name: 'scanListPage' },
  );
  await client.send(command, sendOptions(signal));
  if (answer === undefined) throw new BrokenPageError('The listing was answered without a page');
  return answer;
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
