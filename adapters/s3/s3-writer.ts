import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AreaWriter, DeletedObject, LastContent, PutOutcome, RestoreOutcome } from '#ports/area-writer.ts';
import { type ReadOutcome, StoreError } from '#ports/object-store.ts';
import { BucketClient } from './bucket-client.ts';
import { unusableBucket } from './bucket-name.ts';
import { putIf } from './conditional-put.ts';
import { DeleteMarkers } from './delete-markers.ts';
import { type Attempt, factsOf } from './failure-facts.ts';
import { requestObject } from './get-request.ts';
import { readOutcomeOf } from './read-outcome.ts';
import { saysNoSuchKey, storeErrorOf } from './s3-failures.ts';
import { type BucketName, ownerIn, unquoted } from './small-object.ts';

export interface S3WriterOptions {
  readonly bucket: string;
  readonly client: S3Client;
  /** A client for another region, for a bucket that turns out to lie there. @default such a bucket is a failure */
  readonly clientFor?: (region: string) => S3Client;
  /** The account that must own the bucket; any other one's is refused by S3. */
  readonly expectedBucketOwner?: string;
  /** Agrees to be billed for the requests to a bucket of somebody else's. */
  readonly requesterPays?: boolean;
}

/** S3 asks for another try where somebody else is writing or deleting at the same time. */
const TRIES = 3;
const PERHAPS_WRITTEN = 'it is unknown whether it was written; the next listing shows it';

/**
 * Writes single objects into a bucket, under conditions that S3 itself keeps, and brings back what is hidden by a
 * delete marker. Some S3-compatible stores ignore the conditions.
 *
 * What {@link putIfAbsent} puts back has the old content, but the time of now, and not always the old ETag: with
 * SSE-KMS, SSE-C and multipart uploads an ETag is no digest of the content alone. What {@link restore} brings back has
 * both as they were.
 */
export class S3Writer implements AreaWriter {
  readonly #bucket: string;
  readonly #client: BucketClient;
  readonly #common: BucketName;
  readonly #markers: DeleteMarkers;

  /** @throws RangeError for a name that is none, or that of a directory bucket. */
  constructor(options: S3WriterOptions) {
    const { bucket, expectedBucketOwner } = options;
    const problem = unusableBucket(bucket);
    if (problem !== undefined) throw new RangeError(`'${bucket}' ${problem}.`);
    this.#bucket = bucket;
    this.#client = new BucketClient(options);
    this.#common = {
      Bucket: bucket,
      ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
      ...(options.requesterPays ? { RequestPayer: 'requester' } : {}),
    };
    this.#markers = new DeleteMarkers(this.#client, this.#common);
  }

  async putIfAbsent(key: string, content: Uint8Array): Promise<PutOutcome> {
    return await this.#put(key, content, null);
  }

  /** What has gone meanwhile counts as something else by now, and is not written anew. */
  async replace(key: string, content: Uint8Array, etag: string): Promise<PutOutcome> {
    return await this.#put(key, content, etag);
  }

  async restore(deleted: DeletedObject): Promise<RestoreOutcome> {
    return await this.#markers.restore(deleted);
  }

  async canRestore(deleted: DeletedObject): Promise<RestoreOutcome> {
    return await this.#markers.canRestore(deleted);
  }

  async lastContent(key: string): Promise<LastContent | null> {
    return await this.#markers.lastContent(key);
  }

  async readLast(key: string, { version }: LastContent, signal?: AbortSignal): Promise<ReadOutcome> {
    const input = { ...this.#common, Key: key, VersionId: version };
    try {
      const answer = await this.#client.call((client) => requestObject(client, input, signal, () => {}));
      return readOutcomeOf(answer, { name: this.#url(key), signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (saysNoSuchKey(error) || factsOf(error).name === 'NoSuchVersion') return { found: false };
      throw storeErrorOf(error, {
        what: `The version ${version} of ${this.#url(key)} can't be read`,
        follows: 'it is unknown what it references',
        bucket: this.#bucket,
        key,
        permission: 's3:GetObjectVersion',
        ...ownerIn(this.#common),
      });
    }
  }

  async #put(key: string, content: Uint8Array, etag: string | null): Promise<PutOutcome> {
    const attempt = this.#writing(key);
    for (let tries = 0; tries < TRIES; tries++) {
      const put = await putIf(this.#client, { name: { ...this.#common, Key: key }, content, etag }, attempt);
      switch (put.outcome) {
        case 'written':
          return { outcome: 'written', etag: put.etag, modified: await this.#modified(key, put.etag) };
        case 'refused':
          return { outcome: 'exists' };
        case 'conflict':
          break;
        default:
          return put satisfies never;
      }
    }
    throw new StoreError(
      'unavailable',
      `${attempt.what}: others wrote or deleted it during each of ${TRIES} attempts; nothing was written. Try again.`,
    );
  }

  /** The time that the store gave to what was just written. */
  async #modified(key: string, etag: string): Promise<number> {
    const attempt = { ...this.#writing(key), what: `${this.#url(key)} was written, but can't be checked` };
    try {
      const input = { ...this.#common, Key: key };
      const { LastModified, ETag } = await this.#client.call((client) => client.send(new HeadObjectCommand(input)));
      if (LastModified !== undefined && unquoted(ETag ?? '') === etag) return LastModified.getTime();
    } catch (error) {
      throw storeErrorOf(error, { ...attempt, follows: 'its time is unknown', permission: 's3:GetObject' });
    }
    throw new StoreError('unavailable', `${this.#url(key)} was written, but has already been replaced.`);
  }

  #writing(key: string): Attempt {
    return {
      what: `${this.#url(key)} can't be written`,
      follows: PERHAPS_WRITTEN,
      bucket: this.#bucket,
      key,
      permission: 's3:PutObject and s3:GetObject',
      ...ownerIn(this.#common),
    };
  }

  #url(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }
}
