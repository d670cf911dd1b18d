import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import type { DeletedObject, LastContent, RestoreOutcome } from '#ports/area-writer.ts';
import { StoreError } from '#ports/object-store.ts';
import type { BucketClient } from './bucket-client.ts';
import { factsOf } from './failure-facts.ts';
import { PageTrail } from './page-trail.ts';
import { storeErrorOf } from './s3-failures.ts';
import { type BucketName, ownerIn, unquoted } from './small-object.ts';

/** Flink deletes what the steward has deleted before it, which leaves one marker on top of the other. */
const MOST_MARKERS = 10;
/** The id of what is written while versioning is suspended. The next write takes it over. */
const NULL_VERSION = 'null';
const NOTHING_RESTORED = 'it was not put back';

declare const isMarker: unique symbol;
/** The version id of a delete marker; there is none that names content. */
type MarkerId = string & { readonly [isMarker]: true };

/** What there is of one key. */
interface History {
  /** What a plain read finds: content, or the marker that hides it; null where there is nothing. */
  readonly latest: { readonly etag: string } | { readonly marker: MarkerId; readonly at: number } | null;
  /** The newest version with content. */
  readonly newest: LastContent | null;
}

/**
 * Brings deleted objects of a versioned bucket back by taking away the delete markers that hide them, so that content,
 * ETag and LastModified are the old ones. No other version can be removed: a marker's id comes from the list of
 * delete markers in an answer of S3, and from nowhere else, and no content ever gets the id of a marker.
 */
export class DeleteMarkers {
  readonly #client: BucketClient;
  readonly #bucket: string;
  readonly #common: BucketName;
  #isVersioned: Promise<boolean | null> | undefined;

  constructor(client: BucketClient, common: BucketName) {
    this.#client = client;
    this.#bucket = common.Bucket;
    this.#common = common;
  }

  /** @returns `restored` where {@link restore} would bring it back. @throws StoreError */
  async canRestore(deleted: DeletedObject): Promise<RestoreOutcome> {
    return await this.#judge(deleted, await this.#historyOf(deleted.key));
  }

  /** Of the newest version with content, whether a marker hides it or not. @throws StoreError */
  async lastContent(key: string): Promise<LastContent | null> {
    return (await this.#historyOf(key)).newest;
  }

  /** @throws StoreError */
  async restore(deleted: DeletedObject): Promise<RestoreOutcome> {
    for (let removed = 0; removed <= MOST_MARKERS; removed++) {
      // Read again for each marker: a write in the meantime hides the marker, and wins.
      const history = await this.#historyOf(deleted.key);
      const outcome = await this.#judge(deleted, history);
      if (outcome.outcome === 'present') return removed === 0 ? outcome : { outcome: 'restored' };
      if (outcome.outcome === 'lost' || history.latest === null || !('marker' in history.latest)) return outcome;
      if (removed < MOST_MARKERS) await this.#remove(deleted.key, history.latest.marker);
    }
    return { outcome: 'lost', why: `${this.#url(deleted.key)} is being deleted again and again; ${NOTHING_RESTORED}.` };
  }

  async #judge({ key, etag }: DeletedObject, { latest, newest }: History): Promise<RestoreOutcome> {
    if (latest !== null && 'etag' in latest) {
      return latest.etag === etag ? { outcome: 'present' } : this.#lost(key, 'has been overwritten since');
    }
    if (newest === null) return this.#lost(key, await this.#whyNothingIsLeft());
    if (newest.etag !== etag) return this.#lost(key, 'was overwritten since, and then deleted again');
    if (latest === null) return this.#lost(key, 'has versions, but none of them is the latest');
    if (latest.marker === NULL_VERSION) {
      return this.#lost(
        key,
        'was deleted while versioning was suspended, so new content may replace its delete marker at any ' +
          'time; copy the version that you want over it by hand',
      );
    }
    return { outcome: 'restored' };
  }

  async #historyOf(key: string): Promise<History> {
    const trail = new PageTrail(`the versions of ${this.#url(key)}`);
    let latest: History['latest'] = null;
    let place: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | null = {};
    while (place !== null) {
      const page = await this.#page(key, place);
      // All versions of a key, newest first, come before those of the keys that begin with it.
      const found = page.DeleteMarkers?.find((one) => decoded(one.Key) === key && one.IsLatest === true);
      const marker = found?.VersionId;
      const newest = page.Versions?.find((one) => decoded(one.Key) === key);
      if (marker !== undefined) {
        latest = { marker: marker as MarkerId, at: found?.LastModified?.getTime() ?? 0 };
      }
      if (newest?.ETag !== undefined) {
        const etag = unquoted(newest.ETag);
        const hidden = latest !== null && 'at' in latest ? latest.at : null;
        const content = { etag, bytes: newest.Size ?? 0, version: newest.VersionId ?? NULL_VERSION, hidden };
        return { latest: newest.IsLatest === true ? { etag } : latest, newest: content };
      }
      const hasMore = page.IsTruncated === true && decoded(page.NextKeyMarker) === key;
      if (hasMore) trail.follow(page.NextVersionIdMarker ?? '', marker === undefined);
      place = hasMore ? { KeyMarker: key, ...given('VersionIdMarker', page.NextVersionIdMarker) } : null;
    }
    return { latest, newest: null };
  }

  async #page(key: string, place: object): Promise<ListObjectVersionsCommandOutput> {
    try {
      const input = { ...this.#common, Prefix: key, EncodingType: 'url' as const, ...place };
      return await this.#client.call((client) => client.send(new ListObjectVersionsCommand(input)));
    } catch (error) {
      // A store without versions knows nothing of them.
      if (factsOf(error).status === 501) return { $metadata: {} };
      throw storeErrorOf(error, {
        what: `The versions of ${this.#url(key)} can't be listed`,
        follows: NOTHING_RESTORED,
        bucket: this.#bucket,
        permission: 's3:ListBucketVersions',
        ...ownerIn(this.#common),
      });
    }
  }

  async #remove(key: string, marker: MarkerId): Promise<void> {
    try {
      const input = { ...this.#common, Key: key, VersionId: marker };
      await this.#client.call((client) => client.send(new DeleteObjectCommand(input)));
    } catch (error) {
      throw storeErrorOf(error, {
        what: `The delete marker on ${this.#url(key)} can't be removed`,
        follows: 'the next listing shows whether it was put back',
        bucket: this.#bucket,
        key,
        permission: 's3:DeleteObjectVersion',
        ...ownerIn(this.#common),
      });
    }
  }

  async #whyNothingIsLeft(): Promise<string> {
    this.#isVersioned ??= this.#askForVersioning();
    const isVersioned = await this.#isVersioned;
    if (isVersioned === null) return 'has no version left: they have expired, or the bucket is not versioned';
    return isVersioned ? 'has no version left: they have expired' : 'has no versions: the bucket is not versioned';
  }

  /** null where these credentials may not know; it only words a sentence. */
  async #askForVersioning(): Promise<boolean | null> {
    try {
      const { Status } = await this.#client.call((client) => client.send(new GetBucketVersioningCommand(this.#common)));
      return Status !== undefined;
    } catch {
      return null;
    }
  }

  #lost(key: string, why: string): RestoreOutcome {
    return { outcome: 'lost', why: `${this.#url(key)} ${why}.` };
  }

  #url(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }
}

/** @throws StoreError where it is no URL-encoded text: it might be another key's. */
function decoded(key: string | undefined): string | undefined {
  try {
    return key === undefined ? undefined : decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw new StoreError('unavailable', `A list of versions has a key that is not URL-encoded: ${key}. Try again.`);
  }
}

function given<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, string>>);
}
