import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  type ArchiveTier,
  type Children,
  type KeyRange,
  type ListedPage,
  type ListOptions,
  type ObjectStore,
  type ReadOptions,
  type ReadOutcome,
  StoreError,
  type StoreUsage,
} from '#ports/object-store.ts';
import { requestArchiveTiers } from './archive-tiers.ts';
import { BucketClient } from './bucket-client.ts';
import { unusableBucket } from './bucket-name.ts';
import { type Attempt, factsOf } from './failure-facts.ts';
import { requestObject } from './get-request.ts';
import type { ListPage } from './list-page-scanner.ts';
import { type ListAnswer, requestList } from './list-request.ts';
import { PageTrail } from './page-trail.ts';
import { KEYS_PER_PAGE, listInParallel } from './parallel-listing.ts';
import { readOutcomeOf } from './read-outcome.ts';
import { RequestWidth } from './request-width.ts';
import { isBeyondEnd, isThrottling, saysNoSuchKey, storeErrorOf } from './s3-failures.ts';

export interface S3BucketOptions {
  readonly bucket: string;
  readonly client: S3Client;
  /** A client for another region, for a bucket that turns out to lie there. @default such a bucket is a failure */
  readonly clientFor?: (region: string) => S3Client;
  /** What these credentials may list, where a policy grants no more; `now()` asks below it. @default '' */
  readonly prefix?: string;
  /** The account that must own the bucket; any other one's is refused by S3. */
  readonly expectedBucketOwner?: string;
  /** Accepts to be billed for a bucket whose readers pay. @default false */
  readonly requesterPays?: boolean;
  /** Requests of one listing that may be under way. @default 24 */
  readonly concurrency?: number;
  /** For tests. @default the real time, in milliseconds */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

const DEFAULT_CONCURRENCY = 24;
/** After the SDK has given up on a throttled page: so often again, with so long between, doubled each time. */
const PATIENCE = 5;
const FIRST_WAIT = 500;

/**
 * A bucket of S3, or of a store that speaks its language.
 *
 * A listing is cut into parts that are listed side by side: see {@link listInParallel}. It holds at most as many pages
 * as two for each request that may be under way, 48 by default.
 *
 * An aborted call rejects with the signal's reason.
 */
export class S3Bucket implements ObjectStore {
  readonly name: string;
  readonly keysPerRequest = KEYS_PER_PAGE;
  readonly #bucket: string;
  readonly #client: BucketClient;
  readonly #prefix: string;
  readonly #common: { readonly ExpectedBucketOwner?: string; readonly RequestPayer?: 'requester' };
  readonly #owner: string | undefined;
  readonly #width: RequestWidth;
  readonly #sent = { list: 0, get: 0 };
  /** Whether listings ask what was restored from an archive: only once something archived was seen. */
  #asksForRestores = false;
  readonly #wait: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;

  /** @throws RangeError for a name that is none, or that of a directory bucket. */
  constructor(options: S3BucketOptions) {
    const problem = unusableBucket(options.bucket);
    if (problem !== undefined) throw new RangeError(`'${options.bucket}' ${problem}.`);
    this.name = `s3://${options.bucket}`;
    this.#bucket = options.bucket;
    this.#client = new BucketClient(options);
    this.#prefix = options.prefix ?? '';
    this.#common = {
      ...(options.expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: options.expectedBucketOwner }),
      ...(options.requesterPays ? { RequestPayer: 'requester' } : {}),
    };
    this.#owner = options.expectedBucketOwner;
    this.#width = new RequestWidth(options.concurrency ?? DEFAULT_CONCURRENCY);
    this.#wait = options.wait ?? wait;
  }

  /**
   * What the store writes into the `Date` of an answer: whole seconds, so up to a second early, which makes objects
   * look younger than they are and never older.
   *
   * Asked with the listing of one key, not with HeadBucket: that one has no reasons for its refusals, and is refused
   * where a policy grants the listing of a prefix only.
   */
  async now({ signal }: ListOptions = {}): Promise<number> {
    const attempt = this.#attempt("'s clock can't be read", 'no age can be computed', 's3:ListBucket');
    const { date } = await this.#requestPage({ Prefix: this.#prefix, MaxKeys: 1 }, attempt, signal);
    const now = Date.parse(date ?? '');
    if (!Number.isNaN(now)) return now;
    throw new StoreError(
      'unavailable',
      `${attempt.what}: its answer has ${date === undefined ? 'no Date header' : `the Date '${date}'`}, so no age can be computed. Check what is between this machine and the store.`,
    );
  }

  async usage(): Promise<StoreUsage> {
    return { region: await this.#client.region(), listRequests: this.#sent.list, getRequests: this.#sent.get };
  }

  /** Pages come in any order; see {@link listInParallel}. */
  async *list(range: KeyRange, { signal, expected }: ListOptions = {}): AsyncGenerator<ListedPage, void, undefined> {
    const attempt = this.#listing(range.prefix);
    yield* listInParallel({
      store: this.name,
      range,
      width: this.#width,
      fetch: async ({ prefix, after, token, most }, stop) => {
        // With a token S3 would ignore where the listing began.
        return await this.#pageWithRestores(
          { Prefix: prefix, StartAfter: after, ContinuationToken: token, MaxKeys: most },
          attempt,
          stop,
        );
      },
      ...(expected === undefined
        ? { folders: (level: string, stop: AbortSignal) => this.#folders(level, stop) }
        : { expected }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /**
   * A page that tells which of its archived objects have been restored for a while. Hardly a bucket holds one, and not
   * every store knows the question, so it is asked again for the first such page.
   */
  async #pageWithRestores(input: ListInput, attempt: Attempt, signal: AbortSignal): Promise<ListPage> {
    const asking: ListInput = { ...input, OptionalObjectAttributes: ['RestoreStatus'] };
    if (this.#asksForRestores) return await this.#page(asking, attempt, signal);
    const page = await this.#page(input, attempt, signal);
    if (page.hasArchived === undefined) return page;
    try {
      const answer = await this.#page(asking, attempt, signal);
      this.#asksForRestores = true;
      return answer;
    } catch {
      signal.throwIfAborted();
      // Without the answer they count as archived, which the first page says already.
      return page;
    }
  }

  /** A store that does not know this question has no such tiers. */
  async archiveTiers({ signal }: ListOptions = {}): Promise<readonly ArchiveTier[]> {
    try {
      const input = {
        Bucket: this.#bucket,
        ...(this.#owner === undefined ? {} : { ExpectedBucketOwner: this.#owner }),
      };
      return await this.#client.call((client) => requestArchiveTiers(client, input, signal));
    } catch (error) {
      signal?.throwIfAborted();
      const { status } = factsOf(error);
      if (status === 501 || status === 405) return [];
      const what = "'s archive tiers can't be read";
      const follows = 'it is unknown whether objects of the class INTELLIGENT_TIERING can be read at once';
      throw storeErrorOf(error, this.#attempt(what, follows, 's3:GetIntelligentTieringConfiguration'));
    }
  }

  async *children(prefix: string, { signal }: ListOptions = {}): AsyncGenerator<Children, void, undefined> {
    if (prefix !== '' && !prefix.endsWith('/')) {
      throw new RangeError(`The prefix of children must be empty or end in '/'; it is '${prefix}'.`);
    }
    const attempt = this.#listing(prefix);
    const trail = new PageTrail(this.#url(prefix));
    let next: string | undefined;
    do {
      signal?.throwIfAborted();
      const input = { Prefix: prefix, Delimiter: '/', ContinuationToken: next };
      const page: ListPage = await this.#page(input, attempt, signal);
      yield { folders: page.folders, objects: [...page.objects] };
      next = page.next ?? undefined;
      if (next !== undefined) trail.follow(next, page.folders.length + page.objects.length === 0);
    } while (next !== undefined);
    signal?.throwIfAborted();
  }

  async *#folders(prefix: string, signal: AbortSignal): AsyncGenerator<readonly string[], void, undefined> {
    for await (const { folders } of this.children(prefix, { signal })) yield folders;
  }

  /**
   * One object. Its connection stays open until its chunks have been read to the end or their iterator was told to
   * return. A part that lies beyond the object's end has no bytes.
   *
   * @throws RangeError for a part that no object can have.
   */
  async read(key: string, { from = 0, to, signal }: ReadOptions = {}): Promise<ReadOutcome> {
    assertPart(from, to);
    signal?.throwIfAborted();
    const part = from === 0 && to === undefined ? undefined : `bytes=${from}-${to ?? ''}`;
    try {
      return await this.#get(key, part, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (saysNoSuchKey(error)) return { found: false };
      if (part === undefined || !isBeyondEnd(error)) throw storeErrorOf(error, this.#reading(key));
    }
    return await this.#nothingOf(key, signal);
  }

  /** An object of which no byte was wanted that it has. */
  async #nothingOf(key: string, signal: AbortSignal | undefined): Promise<ReadOutcome> {
    const whole = await this.read(key, signal === undefined ? {} : { signal });
    if (!whole.found) return whole;
    await whole.chunks[Symbol.asyncIterator]().return?.();
    return { ...whole, chunks: Readable.from([]) };
  }

  async #get(key: string, part: string | undefined, signal: AbortSignal | undefined): Promise<ReadOutcome> {
    const input = { Bucket: this.#bucket, Key: key, ...(part === undefined ? {} : { Range: part }), ...this.#common };
    const answer = await this.#client.call((client) => requestObject(client, input, signal, () => this.#sent.get++));
    return readOutcomeOf(answer, { name: this.#url(key), isPart: part !== undefined, signal });
  }

  async #page(input: ListInput, attempt: Attempt, signal: AbortSignal | undefined): Promise<ListPage> {
    return (await this.#requestPage(input, attempt, signal)).page;
  }

  /** Waits while the store is throttling: the SDK's own attempts may all fall into one burst. */
  async #requestPage(input: ListInput, attempt: Attempt, signal: AbortSignal | undefined): Promise<ListAnswer> {
    for (let failures = 0; ; failures++) {
      try {
        signal?.throwIfAborted();
        return await this.#client.call((client) =>
          requestList(client, { Bucket: this.#bucket, ...input, ...this.#common }, signal, {
            sent: () => this.#sent.list++,
            throttled: () => this.#width.throttled(),
          }),
        );
      } catch (error) {
        signal?.throwIfAborted();
        if (!isThrottling(error) || failures === PATIENCE) throw storeErrorOf(error, attempt);
      }
      await this.#wait(FIRST_WAIT * 2 ** failures * (0.5 + Math.random()), signal);
    }
  }

  #listing(prefix: string): Attempt {
    const where = prefix === '' ? '' : ` below '${prefix}'`;
    return this.#attempt(` can't be listed${where}`, 'its contents are unknown', 's3:ListBucket');
  }

  #reading(key: string): Attempt {
    return {
      ...this.#attempt('', 'its contents are unknown', 's3:GetObject'),
      what: `${this.#url(key)} can't be read`,
      key,
    };
  }

  #attempt(what: string, follows: string, permission: string): Attempt {
    const owner = this.#owner === undefined ? {} : { owner: this.#owner };
    return { what: `${this.name}${what}`, follows, bucket: this.#bucket, permission, ...owner };
  }

  #url(key: string): string {
    return `${this.name}/${key}`;
  }
}

interface ListInput {
  readonly Prefix: string;
  readonly MaxKeys?: number | undefined;
  readonly Delimiter?: string | undefined;
  readonly StartAfter?: string | undefined;
  readonly ContinuationToken?: string | undefined;
  readonly OptionalObjectAttributes?: 'RestoreStatus'[];
}

function assertPart(from: number, to: number | undefined): void {
  const last = to ?? Number.MAX_SAFE_INTEGER;
  if (Number.isSafeInteger(from) && Number.isSafeInteger(last) && from >= 0 && last >= from) return;
  throw new RangeError(
    `Bytes ${from} to ${to} are not a range of an object: both count from 0, and 'to' is inclusive.`,
  );
}

async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
}
