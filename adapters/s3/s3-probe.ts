import { randomBytes } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PROBE_NAME } from '#core/collect/marker-name.ts';
import { comparableEtag } from '#core/etag.ts';
import { compareKeys } from '#core/key-order.ts';
import type { Answer, DeletionGuard, StoreHonours } from '#core/store-honours.ts';
import type { ListedObject } from '#ports/object-store.ts';
import type { StoreProbe } from '#ports/store-probe.ts';
import { BucketClient } from './bucket-client.ts';
import { endpointOf, isAwsEndpoint } from './endpoint-of.ts';
import { factsOf } from './failure-facts.ts';
import { requestList } from './list-request.ts';
import { PageTrail } from './page-trail.ts';
import { IF_ANOTHER, IF_NONE, NO_ETAG, putUnder } from './put-under.ts';
import { S3Deleter, type S3DeleterOptions } from './s3-deleter.ts';
import { storeErrorOf } from './s3-failures.ts';
import { sendOptions } from './send-options.ts';
import { type BucketName, type ObjectName, ownerIn, unquoted } from './small-object.ts';

/** Where a store is probed, and how it is reached. */
export interface S3ProbeOptions extends Omit<S3DeleterOptions, 'guard'> {
  /** The location: empty, or with a closing slash. */
  readonly prefix: string;
}

const CONTENT = Buffer.from('Here the steward finds out what this store honours. It may be deleted.\n');
const OTHER_CONTENT = Buffer.from('Here the steward finds out what this store honours, and has found out something.\n');
/** Another probe may be under way. Milliseconds. */
const LEFT_OVER_AFTER = 15 * 60_000;
const UNCOUNTED = { sent: () => {}, throttled: () => {} };
const SINGLY: DeletionGuard = { together: false, looksFirst: false };
const TOGETHER: DeletionGuard = { together: true, looksFirst: false };

interface Listing {
  readonly objects: readonly ListedObject[];
  /** The store's time, epoch milliseconds; null where it does not tell it. */
  readonly now: number | null;
}

/**
 * Finds out what a store honours with three objects of the steward's own, in some twenty requests. They are deleted by
 * the one deleter of a bucket, so what is found out is what it will meet.
 */
export class S3Probe implements StoreProbe {
  readonly #options: S3ProbeOptions;
  readonly #client: BucketClient;
  readonly #common: BucketName;

  /** @throws RangeError for a bucket that is none. */
  constructor(options: S3ProbeOptions) {
    const { bucket, expectedBucketOwner } = options;
    this.#options = options;
    this.#client = new BucketClient(options);
    this.#common = {
      Bucket: bucket,
      ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
      ...(options.requesterPays ? { RequestPayer: 'requester' } : {}),
    };
  }

  async endpoint(): Promise<string | null> {
    const endpoint = await endpointOf(this.#options.client);
    return isAwsEndpoint(endpoint) ? null : endpoint;
  }

  async probe(signal?: AbortSignal): Promise<StoreHonours> {
    if ((await this.endpoint()) === null) throw new RangeError('Amazon S3 is not probed.');
    const base = `${PROBE_NAME}${randomBytes(8).toString('hex')}`;
    const name = `${this.#options.prefix}${base}`;
    try {
      return await new Probing(this.#options, this.#client, this.#common, signal).findOut(name, base);
    } catch (error) {
      throw storeErrorOf(error, {
        what: `What the store of s3://${this.#options.bucket} honours can't be found out`,
        follows: 'nothing but objects of the steward with names like this one was written or deleted',
        bucket: this.#options.bucket,
        key: `${name}-1`,
        permission: `s3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket (for ${this.#options.prefix}${PROBE_NAME}*)`,
        ...ownerIn(this.#common),
      });
    }
  }
}

/** Of a deletion that must not happen. */
const MOST_ATTEMPTS = 3;

/** One probe, with the requests that it sends. */
class Probing {
  readonly #options: S3ProbeOptions;
  readonly #client: BucketClient;
  readonly #common: BucketName;
  readonly #signal: AbortSignal | undefined;

  constructor(options: S3ProbeOptions, client: BucketClient, common: BucketName, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#client = client;
    this.#common = common;
    this.#signal = signal;
  }

  async findOut(name: string, base: string): Promise<StoreHonours> {
    await this.#removeLeftovers();
    // Upper case, a character below '/', and a folder: three kinds of order that are not that of bytes put them otherwise.
    const keys = [`${name}-B`, `${name}-a`, `${name}/${base}`] as const;
    const [first, second, third] = keys;
    try {
      const puts = await this.#probePuts(first);
      await this.#put(second);
      await this.#put(third);
      const { objects, now } = await this.#list(name, 2);
      const etags = await Promise.all(keys.map((key) => this.#etagsOf(key)));
      const listed = new Map(objects.map(({ key, etag }) => [key, comparableEtag(etag)]));
      const singly = await this.#probeDelete(second, SINGLY);
      const together = await this.#probeDelete(third, TOGETHER);
      return {
        ...puts,
        deleteSingly: singly.answer,
        deleteTogether: together.answer,
        listingAfterWrite: keys.every((key) => listed.has(key)),
        listingOrder: objects.every(({ key }, at) => at === 0 || compareKeys(objects[at - 1]?.key ?? '', key) < 0),
        etagsAgree: keys.every((key, at) => etags[at]?.every((etag) => etag === (listed.get(key) ?? etag)) === true),
        versions: singly.versions ?? together.versions,
        clockSkew: now === null ? null : Math.round((now - Date.now()) / 1_000),
      };
    } finally {
      await this.#remove(keys);
    }
  }

  async #probePuts(key: string): Promise<Pick<StoreHonours, 'putIfAbsent' | 'putIfUnchanged'>> {
    const name = this.#nameOf(key);
    const put = async (condition: Parameters<typeof putUnder>[3]) =>
      await putUnder(this.#client, name, OTHER_CONTENT, condition, this.#signal);
    // A refusal of the first may be that of a second attempt, after the answer to the first one was lost.
    const isTaken = (await putUnder(this.#client, name, CONTENT, IF_NONE, this.#signal)) !== 'unsupported';
    if ((await this.#etag(key)) === null) await this.#put(key);
    const putIfAbsent: Answer = isTaken ? ((await put(IF_NONE)) === 'written' ? 'ignored' : 'honoured') : 'refused';
    const another = await put(IF_ANOTHER);
    const isReplaced = another === 'refused' && (await put({ IfMatch: `"${await this.#etag(key)}"` })) === 'written';
    const putIfUnchanged: Answer = another === 'written' ? 'ignored' : isReplaced ? 'honoured' : 'refused';
    return { putIfAbsent, putIfUnchanged };
  }

  /** Deletes an object under a condition that does not hold, then under one that does. */
  async #probeDelete(
    key: string,
    guard: DeletionGuard,
  ): Promise<{ readonly answer: Answer; readonly versions: boolean | null }> {
    const deleter = new S3Deleter({ ...this.#options, guard });
    const etag = (await this.#etag(key)) ?? NO_ETAG;
    // A store that was too busy has shown nothing: it has neither found the condition false nor done what it forbids.
    for (let attempt = 1, isShown = false; !isShown && attempt <= MOST_ATTEMPTS; attempt++) {
      const [outcome] = await deleter.delete([{ key, etag: NO_ETAG }], this.#signal);
      this.#signal?.throwIfAborted();
      isShown = outcome?.outcome !== 'refused';
    }
    // It may have found out that the store takes one key at a time only; then this shows nothing of many.
    const isOtherWay = guard.together && !deleter.takesMany;
    if ((await this.#etag(key)) === null) return { answer: isOtherWay ? 'refused' : 'ignored', versions: null };
    const [outcome] = await deleter.delete([{ key, etag }], this.#signal);
    this.#signal?.throwIfAborted();
    const isGone = outcome?.outcome === 'deleted' && (await this.#etag(key)) === null;
    return {
      answer: isGone && !isOtherWay ? 'honoured' : 'refused',
      versions: isGone ? outcome.versionId !== undefined : null,
    };
  }

  async #removeLeftovers(): Promise<void> {
    const { objects, now } = await this.#list(`${this.#options.prefix}${PROBE_NAME}`);
    const old = objects.filter(({ modified }) => modified < (now ?? Date.now()) - LEFT_OVER_AFTER);
    await this.#remove(old.map(({ key }) => key));
  }

  /** As far as possible: what stays is removed by a later probe. */
  async #remove(keys: readonly string[]): Promise<void> {
    const deleter = new S3Deleter({ ...this.#options, guard: SINGLY });
    const own = `${this.#options.prefix}${PROBE_NAME}`;
    // A store may list what it was not asked for.
    for (const key of keys.filter((each) => each.startsWith(own))) {
      const etag = await this.#etag(key).catch(() => null);
      if (etag !== null) await deleter.delete([{ key, etag }], this.#signal).catch(() => []);
    }
  }

  async #put(key: string): Promise<void> {
    const input = { ...this.#nameOf(key), Body: CONTENT };
    await this.#client.call((client) => client.send(new PutObjectCommand(input), sendOptions(this.#signal)));
  }

  /** Null where there is none. */
  async #etag(key: string): Promise<string | null> {
    try {
      const name = this.#nameOf(key);
      const { ETag } = await this.#client.call((client) =>
        client.send(new HeadObjectCommand(name), sendOptions(this.#signal)),
      );
      return unquoted(ETag ?? '');
    } catch (error) {
      if (factsOf(error).status === 404) return null;
      throw error;
    }
  }

  /** By HEAD and by GET, in a form in which they can be compared. */
  async #etagsOf(key: string): Promise<readonly string[]> {
    const name = this.#nameOf(key);
    const { ETag, Body } = await this.#client.call((client) =>
      client.send(new GetObjectCommand(name), sendOptions(this.#signal)),
    );
    await Body?.transformToByteArray();
    return [(await this.#etag(key)) ?? '', ETag ?? ''].map(comparableEtag);
  }

  async #list(prefix: string, most?: number): Promise<Listing> {
    const input = { ...this.#common, Prefix: prefix, ...(most === undefined ? {} : { MaxKeys: most }) };
    const trail = new PageTrail(`s3://${this.#options.bucket}/${prefix}`);
    const objects: ListedObject[] = [];
    let now: number | null = null;
    let next: string | null = null;
    do {
      const asked: typeof input & { ContinuationToken?: string } =
        next === null ? input : { ...input, ContinuationToken: next };
      const { page, date } = await this.#client.call((client) => requestList(client, asked, this.#signal, UNCOUNTED));
      const time = Date.parse(date ?? '');
      now = Number.isNaN(time) ? now : time;
      objects.push(...page.objects);
      next = page.next;
      if (next !== null) trail.follow(next, page.objects.length === 0);
    } while (next !== null);
    return { objects, now };
  }

  #nameOf(key: string): ObjectName {
    return { ...this.#common, Key: key };
  }
}
