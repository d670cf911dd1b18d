import {
  type DeletedObject,
  DeleteObjectsCommand,
  type DeleteObjectsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { DeleteOutcome, GuardedDeleter, GuardedKey } from '#ports/guarded-deleter.ts';
import { BucketClient } from './bucket-client.ts';
import { unusableBucket } from './bucket-name.ts';
import { storeErrorOf } from './s3-failures.ts';
import { sendOptions } from './send-options.ts';

const MOST_KEYS = 1_000;

export interface S3DeleterOptions {
  readonly bucket: string;
  readonly client: S3Client;
  /** A client for another region, for a bucket that turns out to lie there. @default such a bucket is a failure */
  readonly clientFor?: (region: string) => S3Client;
  /** The account that must own the bucket; any other one's is refused by S3. */
  readonly expectedBucketOwner?: string;
  /** Accepts to be billed for a bucket whose readers pay. @default false */
  readonly requesterPays?: boolean;
}

/**
 * Deletes objects of a bucket, each by its exact key and only while its ETag is the judged one, with DeleteObjects and
 * its ETag per key. It names no versions: where the bucket is versioned, each deletion leaves a delete marker, and
 * what was deleted can be brought back.
 *
 * S3 says "deleted" of keys that had gone before, so `gone` is told only by stores that make the difference. Some
 * S3-compatible stores ignore the ETags: they must never be the only guard.
 */
export class S3Deleter implements GuardedDeleter {
  readonly #bucket: string;
  readonly #client: BucketClient;
  readonly #common: { readonly ExpectedBucketOwner?: string; readonly RequestPayer?: 'requester' };
  readonly #owner: { readonly owner?: string };

  /** @throws RangeError for a name that is none, or that of a directory bucket. */
  constructor(options: S3DeleterOptions) {
    const problem = unusableBucket(options.bucket);
    if (problem !== undefined) throw new RangeError(`'${options.bucket}' ${problem}.`);
    this.#bucket = options.bucket;
    this.#client = new BucketClient(options);
    const { expectedBucketOwner: owner } = options;
    this.#common = {
      ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }),
      ...(options.requesterPays ? { RequestPayer: 'requester' } : {}),
    };
    this.#owner = owner === undefined ? {} : { owner };
  }

  /**
   * A request that fails, or that the signal stops, makes each of its keys a refusal: whether it has gone all the same
   * is known again by the next listing.
   *
   * @throws RangeError for more than 1,000 keys, StoreError where there is no such bucket; nothing is deleted then.
   */
  async delete(batch: readonly GuardedKey[], signal?: AbortSignal): Promise<readonly DeleteOutcome[]> {
    if (batch.length > MOST_KEYS) {
      throw new RangeError(`At most ${MOST_KEYS} keys are deleted at a time, not ${batch.length}; none was deleted.`);
    }
    if (batch.length === 0) return [];
    if (signal?.aborted) return batch.map(({ key }) => refused(key, 'The run was stopped before its turn.'));
    try {
      return outcomesOf(batch, await this.#request(batch, signal));
    } catch (error) {
      return this.#refusals(batch, error, signal);
    }
  }

  async #request(batch: readonly GuardedKey[], signal: AbortSignal | undefined): Promise<DeleteObjectsCommandOutput> {
    // As listings show it: an ETag is a quoted text.
    const objects = batch.map(({ key, etag }) => ({ Key: key, ETag: `"${etag}"` }));
    const input = { Bucket: this.#bucket, Delete: { Objects: objects, Quiet: false }, ...this.#common };
    return await this.#client.call((client) => client.send(new DeleteObjectsCommand(input), sendOptions(signal)));
  }

  #refusals(batch: readonly GuardedKey[], error: unknown, signal: AbortSignal | undefined): readonly DeleteOutcome[] {
    if (signal?.aborted) {
      const why =
        'The run was stopped while the store was asked to delete it; the next listing shows whether it has gone.';
      return batch.map(({ key }) => refused(key, why));
    }
    const failure = storeErrorOf(error, {
      what: `${batch.length} objects of s3://${this.#bucket} can't be deleted`,
      follows: 'the next listing shows whether some have gone',
      bucket: this.#bucket,
      key: '*',
      permission: 's3:DeleteObject and s3:GetObject',
      ...this.#owner,
    });
    if (failure.code === 'no-such-place') throw failure;
    return batch.map(({ key }) => refused(key, failure.message));
  }
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
    return refused(key, 'The store did not say what became of it; the next listing shows whether it has gone.');
  });
}

function versionOf({ DeleteMarker, DeleteMarkerVersionId: versionId }: DeletedObject): { versionId?: string } {
  return DeleteMarker === true && versionId !== undefined ? { versionId } : {};
}

function refused(key: string, why: string): DeleteOutcome {
  return { key, outcome: 'refused', why };
}
