import {
  GetBucketNotificationConfigurationCommand,
  GetBucketVersioningCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  type MultipartUpload,
  type QueueConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ConfigError } from '#config/config-error.ts';
import { lifecycleDocumentOf } from '#config/lifecycle-document.ts';
import {
  type ClassAmount,
  countInClass,
  noneOfClass,
  type StorageClass,
  storageClassOf,
} from '#core/inventory/storage-class.ts';
import type {
  AskOptions,
  BucketFacts,
  BucketLifecycle,
  BucketNotices,
  IncompleteUploads,
  OlderVersions,
  Told,
  ToldQueue,
  Versioning,
} from '#ports/bucket-facts.ts';
import { BucketClient } from './bucket-client.ts';
import { type Attempt, factsOf } from './failure-facts.ts';
import { requestLifecycle } from './lifecycle-request.ts';
import { PageTrail } from './page-trail.ts';
import { storeErrorOf } from './s3-failures.ts';
import { sendOptions } from './send-options.ts';

export interface S3BucketFactsOptions {
  readonly bucket: string;
  readonly client: S3Client;
  /** A client for another region, for a bucket that turns out to lie there. @default such a bucket is not asked */
  readonly clientFor?: (region: string) => S3Client;
  readonly expectedBucketOwner?: string;
  /** Accepts to be billed for a bucket whose readers pay. @default false */
  readonly requesterPays?: boolean;
  /** Pages of 1,000 that are read of a listing of uploads or versions. @default 10 */
  readonly pages?: number;
  /** Uploads whose parts are counted, at a request each. @default 500 */
  readonly uploadsMeasured?: number;
}

const PAGES = 10;
const UPLOADS_MEASURED = 500;
/** Requests for parts under way at once. */
const AT_ONCE = 16;

/** What a bucket of S3 says of itself. Whatever it refuses to say becomes a sentence. */
export class S3BucketFacts implements BucketFacts {
  readonly name: string;
  readonly #bucket: string;
  readonly #client: BucketClient;
  readonly #common: { readonly Bucket: string; readonly ExpectedBucketOwner?: string };
  /** Of listings: the rest is the owner's to ask, whoever pays. */
  readonly #payer: { readonly RequestPayer?: 'requester' };
  readonly #pages: number;
  readonly #uploadsMeasured: number;

  constructor(options: S3BucketFactsOptions) {
    this.name = `s3://${options.bucket}`;
    this.#bucket = options.bucket;
    this.#client = new BucketClient(options);
    this.#common = {
      Bucket: options.bucket,
      ...(options.expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: options.expectedBucketOwner }),
    };
    this.#payer = options.requesterPays ? { RequestPayer: 'requester' } : {};
    this.#pages = options.pages ?? PAGES;
    this.#uploadsMeasured = options.uploadsMeasured ?? UPLOADS_MEASURED;
  }

  async lifecycle({ signal }: AskOptions = {}): Promise<Told<BucketLifecycle | null>> {
    const attempt = this.#attempt("'s lifecycle rules can't be read", RULES_UNKNOWN, 's3:GetLifecycleConfiguration');
    return await this.#ask(attempt, signal, async () => {
      const document = await this.#client.call((client) => requestLifecycle(client, this.#common, signal));
      if (document === null) return null;
      return { document, ...lifecycleDocumentOf(document, `${this.name}, lifecycle configuration`) };
    });
  }

  async versioning({ signal }: AskOptions = {}): Promise<Told<Versioning>> {
    const attempt = this.#attempt(
      "'s versioning can't be read",
      'it is unknown whether it keeps versions',
      's3:GetBucketVersioning',
    );
    return await this.#ask(attempt, signal, async () => {
      const { Status } = await this.#client.call((client) =>
        client.send(new GetBucketVersioningCommand(this.#common), sendOptions(signal)),
      );
      return Status ?? 'never';
    });
  }

  async notices({ signal }: AskOptions = {}): Promise<Told<BucketNotices>> {
    const attempt = this.#attempt(
      "'s notifications can't be read",
      'it is unknown whom it tells of deletions',
      's3:GetBucketNotification',
    );
    return await this.#ask(attempt, signal, async () => {
      const { QueueConfigurations = [], EventBridgeConfiguration } = await this.#client.call((client) =>
        client.send(new GetBucketNotificationConfigurationCommand(this.#common), sendOptions(signal)),
      );
      return { queues: QueueConfigurations.map(toldQueue), eventBridge: EventBridgeConfiguration !== undefined };
    });
  }

  async incompleteUploads(prefix: string, { signal }: AskOptions = {}): Promise<Told<IncompleteUploads>> {
    const attempt = this.#attempt(
      "'s incomplete multipart uploads can't be listed",
      'their number is unknown',
      's3:ListBucketMultipartUploads',
    );
    return await this.#ask(attempt, signal, async () => {
      const { uploads, isCut } = await this.#uploads(prefix, signal);
      const measured = uploads.slice(0, this.#uploadsMeasured);
      const sizes = await this.#sizesOf(measured, signal);
      const began = uploads.flatMap(({ Initiated }) => Initiated?.getTime() ?? []);
      return {
        count: uploads.length,
        bytes: sizes.reduce<number>((sum, { bytes }) => sum + bytes, 0),
        oldest: began.length === 0 ? null : began.reduce((oldest, time) => Math.min(oldest, time)),
        atLeast: isCut || measured.length < uploads.length || sizes.some(({ isCut: cut }) => cut),
      };
    });
  }

  async olderVersions(prefix: string, { signal }: AskOptions = {}): Promise<Told<OlderVersions>> {
    const attempt = this.#attempt("'s versions can't be listed", 'their number is unknown', 's3:ListBucketVersions');
    return await this.#ask(attempt, signal, async () => {
      const found = { noncurrent: 0, noncurrentBytes: 0, deleteMarkers: 0 };
      const classes = new Map<StorageClass, ClassAmount>();
      const isCut = await this.#readPages(async (place) => {
        const input = {
          ...this.#common,
          ...this.#payer,
          Prefix: prefix,
          ...(place === null ? {} : { KeyMarker: place.key, VersionIdMarker: place.id }),
        };
        const answer = await this.#client.call((client) =>
          client.send(new ListObjectVersionsCommand(input), sendOptions(signal)),
        );
        for (const { IsLatest, Size = 0, StorageClass: name } of answer.Versions ?? []) {
          if (IsLatest !== false) continue;
          found.noncurrent++;
          found.noncurrentBytes += Size;
          const storageClass = storageClassOf(name);
          if (storageClass !== null) {
            const amount = classes.get(storageClass) ?? noneOfClass();
            classes.set(storageClass, amount);
            countInClass(amount, storageClass, Size);
          }
        }
        found.deleteMarkers += answer.DeleteMarkers?.length ?? 0;
        return { isLast: answer.IsTruncated !== true, key: answer.NextKeyMarker, id: answer.NextVersionIdMarker };
      });
      const told = [...classes].map(([storageClass, amount]) => ({ storageClass, ...amount }));
      return { ...found, ...(told.length === 0 ? {} : { classes: told }), atLeast: isCut };
    });
  }

  /** @returns whether pages are left that were not read. A store may also name no place to go on from. */
  async #readPages(read: (place: Place | null) => Promise<PageEnd>): Promise<boolean> {
    let place: Place | null = null;
    for (let page = 0; page < this.#pages; page++) {
      const { isLast, key, id } = await read(place);
      if (isLast) return false;
      if (key === undefined) return true;
      place = { key, id };
    }
    return true;
  }

  async #uploads(
    prefix: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly uploads: readonly MultipartUpload[]; readonly isCut: boolean }> {
    const uploads: MultipartUpload[] = [];
    const isCut = await this.#readPages(async (place) => {
      const input = {
        ...this.#common,
        ...this.#payer,
        Prefix: prefix,
        ...(place === null ? {} : { KeyMarker: place.key, UploadIdMarker: place.id }),
      };
      const answer = await this.#client.call((client) =>
        client.send(new ListMultipartUploadsCommand(input), sendOptions(signal)),
      );
      for (const upload of answer.Uploads ?? []) uploads.push(upload);
      return { isLast: answer.IsTruncated !== true, key: answer.NextKeyMarker, id: answer.NextUploadIdMarker };
    });
    return { uploads, isCut };
  }

  async #sizesOf(uploads: readonly MultipartUpload[], signal: AbortSignal | undefined): Promise<readonly PartSizes[]> {
    const sizes: PartSizes[] = [];
    for (let at = 0; at < uploads.length; at += AT_ONCE) {
      sizes.push(...(await Promise.all(uploads.slice(at, at + AT_ONCE).map((upload) => this.#sizeOf(upload, signal)))));
    }
    return sizes;
  }

  /** An upload that ended meanwhile, or whose parts may not be listed, counts with nothing. */
  async #sizeOf({ Key, UploadId }: MultipartUpload, signal: AbortSignal | undefined): Promise<PartSizes> {
    const trail = new PageTrail(`the parts of ${Key}`);
    let bytes = 0;
    let marker: string | undefined;
    try {
      do {
        const input = {
          ...this.#common,
          ...this.#payer,
          Key,
          UploadId,
          ...(marker === undefined ? {} : { PartNumberMarker: marker }),
        };
        const answer = await this.#client.call((client) =>
          client.send(new ListPartsCommand(input), sendOptions(signal)),
        );
        for (const { Size = 0 } of answer.Parts ?? []) bytes += Size;
        marker = answer.IsTruncated === true ? answer.NextPartNumberMarker : undefined;
        if (marker !== undefined) trail.follow(marker, (answer.Parts ?? []).length === 0);
      } while (marker !== undefined);
      return { bytes, isCut: false };
    } catch {
      signal?.throwIfAborted();
      return { bytes, isCut: true };
    }
  }

  async #ask<T>(attempt: Attempt, signal: AbortSignal | undefined, ask: () => Promise<T>): Promise<Told<T>> {
    try {
      return { known: true, value: await ask() };
    } catch (error) {
      signal?.throwIfAborted();
      const { name, status } = factsOf(error);
      if (error instanceof ConfigError) return { known: false, why: error.message };
      if (status === 501 || status === 405) {
        return {
          known: false,
          why: `${attempt.what}: this store does not support that request (${name}); ${attempt.follows}.`,
        };
      }
      const failure = storeErrorOf(error, attempt);
      return { known: false, why: failure.message, failure };
    }
  }

  #attempt(what: string, follows: string, permission: string): Attempt {
    return { what: `${this.name}${what}`, follows, bucket: this.#bucket, permission };
  }
}

const RULES_UNKNOWN = 'it is unknown whether a lifecycle rule deletes live state';

interface PartSizes {
  readonly bytes: number;
  readonly isCut: boolean;
}

/** How a page of a listing ends. */
interface PageEnd {
  readonly isLast: boolean;
  readonly key: string | undefined;
  readonly id: string | undefined;
}

/** Where a listing continues. */
interface Place {
  readonly key: string;
  readonly id: string | undefined;
}

function toldQueue({ QueueArn = '', Events = [], Filter }: QueueConfiguration): ToldQueue {
  // S3 writes the names as they were given, in capitals or not.
  const filtered = (name: string): string =>
    Filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? '';
  return { queue: QueueArn, events: Events, prefix: filtered('prefix'), suffix: filtered('suffix') };
}
