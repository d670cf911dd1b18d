import { createHash } from 'node:crypto';
import {
  type DeletedObject,
  DeleteObjectCommand,
  type DeleteObjectCommandOutput,
  DeleteObjectsCommand,
  type DeleteObjectsCommandOutput,
  HeadObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { comparableEtag } from '#core/etag.ts';
import { type DeletionGuard, USUAL_GUARD } from '#core/store-honours.ts';
import type { DeleteOutcome, GuardedDeleter, GuardedKey } from '#ports/guarded-deleter.ts';
import { StoreError } from '#ports/object-store.ts';
import { BucketClient } from './bucket-client.ts';
import { unusableBucket } from './bucket-name.ts';
import { type Attempt, factsOf } from './failure-facts.ts';
import { saysNoSuchKey, storeErrorOf } from './s3-failures.ts';
import { sendOptions } from './send-options.ts';

const MOST_KEYS = 1_000;
/** Requests for one key each that are under way. */
const SINGLES_AT_ONCE = 16;
const NO_CONTENT = 204;
const STOPPED_BEFORE = 'The run was stopped before this object was deleted.';
const STOPPED_MEANWHILE =
  'The run was stopped while the store was deleting this object; the next listing shows whether it was deleted.';
const UNTOLD = 'The store did not report whether it deleted this object; the next listing shows it.';

/**
 * How a store takes deletions. `together` is DeleteObjects as the SDK sends it. Stores that know S3 from before 2022
 * demand its Content-MD5 (older ECS and MinIO, the interoperability of GCS), and some have no DeleteObjects at all.
 */
type Way = 'together' | 'together-with-md5' | 'singly';

export interface S3DeleterOptions {
  readonly bucket: string;
  readonly client: S3Client;
  /** A client for another region, for a bucket that turns out to lie there. @default such a bucket is a failure */
  readonly clientFor?: (region: string) => S3Client;
  /** The account that must own the bucket; any other one's is refused by S3. */
  readonly expectedBucketOwner?: string;
  /** Accepts to be billed for a bucket whose readers pay. @default false */
  readonly requesterPays?: boolean;
  /** @default as Amazon S3 has it */
  readonly guard?: DeletionGuard;
}

/**
 * Deletes objects of a bucket, each by its exact key and only while its ETag is the judged one: with DeleteObjects and
 * its ETag per key, or, where the store or a key's name does not allow that, with DeleteObject and If-Match. It names
 * no versions: where the bucket is versioned, each deletion leaves a delete marker, and what was deleted can be brought
 * back.
 *
 * S3 says "deleted" of keys that had gone before, so `gone` is told only by stores that make the difference. Some
 * S3-compatible stores ignore the ETags. Where a probe has found that out ({@link DeletionGuard}), each object is looked
 * at right before it is deleted, which leaves the time of one request.
 */
export class S3Deleter implements GuardedDeleter {
  readonly #options: S3DeleterOptions;
  readonly #bucket: string;
  readonly #client: BucketClient;
  readonly #common: { readonly ExpectedBucketOwner?: string; readonly RequestPayer?: 'requester' };
  readonly #owner: { readonly owner?: string };
  readonly #looksFirst: boolean;
  /** What the store has shown so far. */
  #way: Way;

  /** @throws RangeError for a name that is none, or that of a directory bucket. */
  constructor(options: S3DeleterOptions) {
    const problem = unusableBucket(options.bucket);
    if (problem !== undefined) throw new RangeError(`'${options.bucket}' ${problem}.`);
    const { together, looksFirst } = options.guard ?? USUAL_GUARD;
    this.#options = options;
    this.#way = together ? 'together' : 'singly';
    this.#looksFirst = looksFirst;
    this.#bucket = options.bucket;
    this.#client = new BucketClient(options);
    const { expectedBucketOwner: owner } = options;
    this.#common = {
      ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }),
      ...(options.requesterPays ? { RequestPayer: 'requester' } : {}),
    };
    this.#owner = owner === undefined ? {} : { owner };
  }

  heeding(guard: DeletionGuard): S3Deleter {
    return new S3Deleter({ ...this.#options, guard });
  }

  /** Whether the store has taken many keys in one request, as far as it was asked. */
  get takesMany(): boolean {
    return this.#way !== 'singly';
  }

  /**
   * A request that fails, or that the signal stops, makes each of its keys a refusal: whether it has gone all the same
   * is known again by the next listing. When it returns or throws, no request is under way any more.
   *
   * @throws RangeError for more than 1,000 keys, StoreError where there is no such bucket; nothing is deleted then.
   */
  async delete(batch: readonly GuardedKey[], signal?: AbortSignal): Promise<readonly DeleteOutcome[]> {
    if (batch.length > MOST_KEYS) {
      throw new RangeError(`At most ${MOST_KEYS} keys are deleted at a time, not ${batch.length}; none was deleted.`);
    }
    const sayable = batch.filter(({ key }) => !NOT_IN_XML.test(key));
    const others = batch.filter(({ key }) => NOT_IN_XML.test(key));
    const outcomes = [...(await this.#together(sayable, signal)), ...(await this.#singly(others, signal))];
    const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
    return batch.map(({ key }) => byKey.get(key) ?? refused(key, UNTOLD));
  }

  async #together(batch: readonly GuardedKey[], signal: AbortSignal | undefined): Promise<readonly DeleteOutcome[]> {
    const way = this.#way;
    if (batch.length === 0) return [];
    if (way === 'singly') return await this.#singly(batch, signal);
    if (signal?.aborted) return batch.map(({ key }) => refused(key, STOPPED_BEFORE));
    try {
      return outcomesOf(batch, await this.#request(batch, way, signal));
    } catch (error) {
      if (signal?.aborted) return batch.map(({ key }) => refused(key, STOPPED_MEANWHILE));
      const other = otherWay(error, way);
      if (other !== null) {
        this.#way = other;
        return await this.#together(batch, signal);
      }
      if (factsOf(error).name === 'MalformedXML') return await this.#halves(batch, signal);
      const failure = this.#failure(error, {
        what: `${batch.length} objects of s3://${this.#bucket} can't be deleted`,
        follows: 'the next listing shows which of them were deleted',
        key: '*',
      });
      if (failure.code === 'no-such-place') throw failure;
      return batch.map(({ key }) => refused(key, failure.message));
    }
  }

  /**
   * A store that can't read the name of one key refuses the whole batch, and would do so in every run. Halved again and
   * again, the batch shows which one it is.
   */
  async #halves(batch: readonly GuardedKey[], signal: AbortSignal | undefined): Promise<readonly DeleteOutcome[]> {
    const [only, ...more] = batch;
    if (only !== undefined && more.length === 0) {
      // Nothing in such a name can be misread, so it is the request that the store does not understand: stores that know
      // S3 from before the end of 2024 have no place for an ETag in it.
      if (PLAIN_IN_XML.test(only.key)) this.#way = 'singly';
      return await this.#singly(batch, signal);
    }
    const middle = batch.length >> 1;
    const first = await this.#together(batch.slice(0, middle), signal);
    return [...first, ...(await this.#together(batch.slice(middle), signal))];
  }

  async #request(
    batch: readonly GuardedKey[],
    way: Way,
    signal: AbortSignal | undefined,
  ): Promise<DeleteObjectsCommandOutput> {
    // As listings show it: an ETag is a quoted text.
    const objects = batch.map(({ key, etag }) => ({ Key: key, ETag: `"${etag}"` }));
    const input = { Bucket: this.#bucket, Delete: { Objects: objects, Quiet: false }, ...this.#common };
    return await this.#client.call((client) => {
      const command = new DeleteObjectsCommand(input);
      if (way === 'together-with-md5') vouchByMd5(command);
      return client.send(command, sendOptions(signal));
    });
  }

  async #singly(batch: readonly GuardedKey[], signal: AbortSignal | undefined): Promise<readonly DeleteOutcome[]> {
    const answers = await pMap(batch, (one) => this.#deleteOne(one, signal), { concurrency: SINGLES_AT_ONCE });
    return answers.map((answer) => {
      if (answer instanceof StoreError) throw answer;
      return answer;
    });
  }

  /** A failure that concerns all keys is returned, so that the caller can wait for the others before it throws. */
  async #deleteOne({ key, etag }: GuardedKey, signal: AbortSignal | undefined): Promise<DeleteOutcome | StoreError> {
    if (signal?.aborted) return refused(key, STOPPED_BEFORE);
    const name = { Bucket: this.#bucket, Key: key, ...this.#common };
    const input = { ...name, IfMatch: `"${etag}"` };
    try {
      if (this.#looksFirst) {
        const now = await this.#client.call((client) => client.send(new HeadObjectCommand(name), sendOptions(signal)));
        if (comparableEtag(now.ETag ?? '') !== comparableEtag(etag)) return { key, outcome: 'changed' };
      }
      return outcomeOf(
        key,
        await this.#client.call((client) => client.send(new DeleteObjectCommand(input), sendOptions(signal))),
      );
    } catch (error) {
      if (signal?.aborted) return refused(key, STOPPED_MEANWHILE);
      const { status, name: code } = factsOf(error);
      // An answer to HEAD has no body that could say more.
      if (saysNoSuchKey(error) || (this.#looksFirst && code === 'NotFound')) return { key, outcome: 'gone' };
      if (status === 412) return { key, outcome: 'changed' };
      if (status === 501) {
        return refused(
          key,
          'The store does not support conditional deletes (If-Match), and the steward deletes nothing without them.',
        );
      }
      const failure = this.#failure(error, {
        what: `s3://${this.#bucket}/${key} can't be deleted`,
        follows: 'the next listing shows whether it was deleted',
        key,
      });
      return failure.code === 'no-such-place' ? failure : refused(key, failure.message);
    }
  }

  #failure(error: unknown, tried: Pick<Attempt, 'what' | 'follows' | 'key'>): StoreError {
    return storeErrorOf(error, {
      ...tried,
      bucket: this.#bucket,
      permission: 's3:DeleteObject and s3:GetObject',
      ...this.#owner,
    });
  }
}

/** What XML 1.0 has no place for, not even as a character reference (its section 2.2), though a key may have it. */
const NOT_IN_XML = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** Names that stand in XML as they are. */
const PLAIN_IN_XML = /^[\w\-./:=+]*$/;

/** Content-MD5 in the place of the SDK's own checksum: a store that demands the one may refuse the other. */
function vouchByMd5(command: DeleteObjectsCommand): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      const { request } = args;
      if (isHttpRequest(request)) {
        for (const name of Object.keys(request.headers)) {
          if (/^x-amz-(?:sdk-)?checksum-/i.test(name)) delete request.headers[name];
        }
        request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64');
      }
      return await next(args);
    },
    // Behind the SDK's checksum and before the signature.
    { step: 'build', priority: 'low', name: 'vouchByMd5' },
  );
}

function isHttpRequest(
  request: unknown,
): request is { readonly headers: Record<string, string>; readonly body: string | Uint8Array } {
  if (typeof request !== 'object' || request === null || !('headers' in request && 'body' in request)) return false;
  return typeof request.body === 'string' || request.body instanceof Uint8Array;
}

/** The way that is left where a store refuses this one as such; null where it refuses something else. */
function otherWay(error: unknown, way: Way): Way | null {
  const { name, status, message } = factsOf(error);
  if (status === 405) return 'singly';
  const isAboutChecksum =
    name === 'MissingContentMD5' ||
    ((name === 'InvalidRequest' || name === 'InvalidArgument') && /content-?md5|checksum/i.test(message));
  // What is not implemented may be the checksum alone.
  if (!isAboutChecksum && status !== 501) return null;
  return way === 'together' ? 'together-with-md5' : 'singly';
}

function outcomesOf(batch: readonly GuardedKey[], answer: DeleteObjectsCommandOutput): readonly DeleteOutcome[] {
  const deleted = new Map(answer.Deleted?.map((one) => [one.Key, one]));
  const errors = new Map(answer.Errors?.map((error) => [error.Key, error]));
  return batch.map(({ key }) => {
    const error = errors.get(key);
    switch (error?.Code) {
      case undefined:
        break;
      case 'NoSuchKey':
        return { key, outcome: 'gone' };
      case 'PreconditionFailed':
        return { key, outcome: 'changed' };
      default:
        return refused(key, `The store did not delete it: ${error?.Code} (${error?.Message ?? 'no reason given'}).`);
    }
    const done = error === undefined ? deleted.get(key) : undefined;
    if (done !== undefined) return { key, outcome: 'deleted', ...versionOf(done) };
    return refused(key, UNTOLD);
  });
}

/** Of one key. Whatever lies between here and the store may answer 200; a store answers 204. */
function outcomeOf(
  key: string,
  { $metadata, DeleteMarker, VersionId: DeleteMarkerVersionId }: DeleteObjectCommandOutput,
): DeleteOutcome {
  if ($metadata.httpStatusCode !== NO_CONTENT) return refused(key, UNTOLD);
  return { key, outcome: 'deleted', ...versionOf({ DeleteMarker, DeleteMarkerVersionId }) };
}

function versionOf({
  DeleteMarker,
  DeleteMarkerVersionId: versionId,
}: Pick<DeletedObject, 'DeleteMarker' | 'DeleteMarkerVersionId'>): { versionId?: string } {
  return DeleteMarker === true && versionId !== undefined ? { versionId } : {};
}

function refused(key: string, why: string): DeleteOutcome {
  return { key, outcome: 'refused', why };
}
