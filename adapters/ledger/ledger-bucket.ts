import { Buffer } from 'node:buffer';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { BucketClient } from '#adapters/s3/bucket-client.ts';
import { unusableBucket } from '#adapters/s3/bucket-name.ts';
import { putIf } from '#adapters/s3/conditional-put.ts';
import type { Attempt } from '#adapters/s3/failure-facts.ts';
import { requestList } from '#adapters/s3/list-request.ts';
import { PageTrail } from '#adapters/s3/page-trail.ts';
import { IF_ANOTHER, IF_NONE, putUnder, type WriteCondition } from '#adapters/s3/put-under.ts';
import { storeErrorOf } from '#adapters/s3/s3-failures.ts';
import { type ObjectName, openObject, ownerIn, readSmallObject } from '#adapters/s3/small-object.ts';
import type { LedgerDocument, LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';
import { DOCUMENT_MARK, isLedgerPath, requireLedgerFolder, requireLedgerPath } from './ledger-path.ts';

export interface LedgerBucketOptions {
  readonly bucket: string;
  /** Where the ledger lies: '' or a key prefix that ends in `/`. */
  readonly prefix: string;
  readonly client: S3Client;
  /** A client for another region, for a bucket that turns out to lie there. @default such a bucket is a failure */
  readonly clientFor?: (region: string) => S3Client;
  /** The account that must own the bucket; any other one's is refused by S3. */
  readonly expectedBucketOwner?: string;
}

/** A document that is there to find out what the store makes of conditions. */
const PROBE = `conditional-writes${DOCUMENT_MARK}`;
const PROBE_CONTENT = Buffer.from(
  'Here the steward finds out whether this store honours If-None-Match and If-Match.\n',
);
const UNCOUNTED = { sent: () => {}, throttled: () => {} };
const PERHAPS_WRITTEN = 'it is unknown whether it was written, so read it again';

/**
 * A ledger below a prefix of a bucket, written with If-None-Match and If-Match. A document `pause.json` is the object
 * `pause.json@`. The tag of a document is its ETag, so a document that came back to an earlier content has its earlier
 * tag, and {@link putIf} says what follows for writers of one and the same content.
 */
export class LedgerBucket implements LedgerStore {
  readonly name: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: BucketClient;
  readonly #owner: { readonly ExpectedBucketOwner?: string };
  #conditional: Promise<void> | undefined;

  /** @throws RangeError for a bucket or a prefix that is none, or a directory bucket. */
  constructor(options: LedgerBucketOptions) {
    const { bucket, prefix, expectedBucketOwner } = options;
    const problem = unusableBucket(bucket);
    if (problem !== undefined) throw new RangeError(`'${bucket}' ${problem}.`);
    if (prefix !== '' && !prefix.endsWith('/')) throw new RangeError(`The prefix '${prefix}' does not end in '/'.`);
    this.name = `s3://${bucket}/${prefix}`.replace(/\/$/, '');
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#client = new BucketClient(options);
    this.#owner = expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner };
  }

  async readDocument(path: string): Promise<LedgerDocument | null> {
    requireLedgerPath(path);
    const attempt = this.#reading(`${path}${DOCUMENT_MARK}`);
    const found = await this.#ask(attempt, () =>
      readSmallObject(this.#client, this.#nameOf(attempt.key), this.#url(attempt.key)),
    );
    return found && { text: found.content.toString('utf8'), tag: found.etag };
  }

  /** The first one of a process finds out whether the store honours conditions: {@link assertConditional}. */
  async writeDocument(path: string, text: string, tag: string | null): Promise<string | null> {
    requireLedgerPath(path);
    await this.assertConditional();
    const attempt = this.#writing(`${path}${DOCUMENT_MARK}`, 's3:PutObject and s3:GetObject');
    const put = await putIf(
      this.#client,
      { name: this.#nameOf(attempt.key), content: Buffer.from(text), etag: tag },
      attempt,
    );
    return put.outcome === 'written' ? put.etag : null;
  }

  /** The connection stays open until the content has been read to the end or its iterator was told to return. */
  async readFile(path: string): Promise<AsyncIterable<Uint8Array> | null> {
    requireLedgerPath(path);
    const attempt = this.#reading(path);
    const opened = await this.#ask(attempt, () =>
      openObject(this.#client, this.#nameOf(attempt.key), this.#url(attempt.key)),
    );
    return opened?.chunks ?? null;
  }

  /** In one request, so meant for some dozens of MiB at most. */
  async writeFile(path: string, content: Uint8Array): Promise<void> {
    requireLedgerPath(path);
    const attempt = this.#writing(path, 's3:PutObject');
    const input = { ...this.#nameOf(attempt.key), Body: content, ContentType: 'application/octet-stream' };
    await this.#ask(attempt, () => this.#client.call((client) => client.send(new PutObjectCommand(input))));
  }

  async *listFiles(folder: string): AsyncGenerator<string, void, undefined> {
    requireLedgerFolder(folder);
    const attempt = {
      what: `The ledger ${this.name} can't be listed below '${folder}'`,
      follows: 'its contents are unknown',
      bucket: this.#bucket,
      permission: 's3:ListBucket',
      ...ownerIn(this.#owner),
    };
    const input = { Bucket: this.#bucket, Prefix: `${this.#prefix}${folder}`, ...this.#owner };
    const trail = new PageTrail(`the ledger ${this.name} below '${folder}'`);
    let next: string | undefined;
    do {
      const asked = next === undefined ? input : { ...input, ContinuationToken: next };
      const { page } = await this.#ask(attempt, () =>
        this.#client.call((client) => requestList(client, asked, undefined, UNCOUNTED)),
      );
      for (const { key } of page.objects) {
        const path = key.slice(this.#prefix.length);
        if (isLedgerPath(path)) yield path;
      }
      next = page.next ?? undefined;
      if (next !== undefined) trail.follow(next, page.objects.length === 0);
    } while (next !== undefined);
  }

  /**
   * Finds out, once per process, whether the store refuses a write whose condition does not hold. Some stores that
   * speak S3's language ignore conditions, and two stewards could not be kept apart there.
   *
   * @throws StoreError
   */
  async assertConditional(): Promise<void> {
    this.#conditional ??= this.#probe();
    try {
      await this.#conditional;
    } catch (error) {
      // What could not be found out may be asked again.
      this.#conditional = undefined;
      throw error;
    }
  }

  async #probe(): Promise<void> {
    // Where there was none yet, the first one writes it, and the second one finds it.
    const isOverwritten = (await this.#isProbeWritten(IF_NONE)) && (await this.#isProbeWritten(IF_NONE));
    if (isOverwritten || (await this.#isProbeWritten(IF_ANOTHER))) throw this.#unconditional();
  }

  async #isProbeWritten(condition: WriteCondition): Promise<boolean> {
    const attempt = this.#writing(PROBE, 's3:PutObject and s3:GetObject');
    const name = this.#nameOf(attempt.key);
    const answer = await this.#ask(attempt, () => putUnder(this.#client, name, PROBE_CONTENT, condition));
    if (answer === 'unsupported') throw this.#unconditional();
    return answer === 'written';
  }

  #unconditional(): StoreError {
    return new StoreError(
      'unavailable',
      `The store of the ledger ${this.name} ignores conditions (If-None-Match, If-Match), so it can't keep two ` +
        'stewards apart. Nothing was written except a probe. Keep the ledger in a folder, or in a store that honours ' +
        'these conditions, such as Amazon S3.',
    );
  }

  async #ask<T>(attempt: Attempt, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw storeErrorOf(error, attempt);
    }
  }

  #reading(path: string): Attempt & { readonly key: string } {
    return this.#attempt(path, 'read', 'its contents are unknown', 's3:GetObject');
  }

  #writing(path: string, permission: string): Attempt & { readonly key: string } {
    return this.#attempt(path, 'written', PERHAPS_WRITTEN, permission);
  }

  #attempt(path: string, done: string, follows: string, permission: string): Attempt & { readonly key: string } {
    const what = `'${path.replace(DOCUMENT_MARK, '')}' of the ledger ${this.name} can't be ${done}`;
    return { what, follows, bucket: this.#bucket, key: `${this.#prefix}${path}`, permission, ...ownerIn(this.#owner) };
  }

  #nameOf(key: string): ObjectName {
    return { Bucket: this.#bucket, Key: key, ...this.#owner };
  }

  #url(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }
}
