import type { ObjectIndex, WritableIndex } from '#tools/embedded-s3/object-index.ts';
import { PageCache } from '#tools/embedded-s3/page-cache.ts';
import { S3Error } from '#tools/embedded-s3/s3-error.ts';
import { NULL_VERSION, StoredVersion, type VersionDetails } from '#tools/embedded-s3/stored-version.ts';
import { Uploads } from '#tools/embedded-s3/uploads.ts';

export type Versioning = 'never' | 'Enabled' | 'Suspended';

export interface LifecycleDocument {
  /** As it was put. */
  readonly xml: string;
  readonly transitionDefaultMinimumObjectSize: string;
}

export interface BucketOptions {
  /** Where it lies. Requests signed for another region are sent there; without one, every region will do. */
  readonly region?: string;
  readonly versioning?: Versioning;
  /** Requests must then say that they pay. */
  readonly requesterPays?: boolean;
  /** Account id. Requests that expect another owner are refused; without one, any expectation will do. */
  readonly owner?: string;
}

/** An archive tier of INTELLIGENT_TIERING. */
export interface TieringConfiguration {
  readonly id: string;
  readonly status: 'Enabled' | 'Disabled';
  /** Empty for all keys. */
  readonly prefix: string;
  readonly days: number;
}

/** What a deletion came to. */
export interface Deletion {
  /** Of the version that went or of the marker that came; absent where versioning is not on. */
  readonly versionId?: string;
  /** Whether that is a delete marker. */
  readonly deleteMarker: boolean;
}

/** A bucket: its objects with their versions, and its settings. */
export class Bucket {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly objects: ObjectIndex;
  readonly uploads = new Uploads();
  /** Where objects are generated, and so never change. */
  readonly pages: PageCache | null;
  region: string | null;
  versioning: Versioning;
  requesterPays: boolean;
  owner: string | null;
  lifecycle: LifecycleDocument | null = null;
  /** As it was put. */
  notification: string | null = null;
  tiering: readonly TieringConfiguration[] = [];
  readonly #writable: WritableIndex | null;

  /** @param writable the same index, where it can be written to. */
  constructor(
    name: string,
    created: number,
    objects: ObjectIndex,
    writable: WritableIndex | null,
    { region, versioning = 'never', requesterPays = false, owner }: BucketOptions = {},
  ) {
    this.name = name;
    this.created = created;
    this.objects = objects;
    this.#writable = writable;
    this.pages = writable === null ? new PageCache() : null;
    this.region = region ?? null;
    this.versioning = versioning;
    this.requesterPays = requesterPays;
    this.owner = owner ?? null;
  }

  /** The object as a plain GET sees it: nothing where the newest version is a delete marker. */
  current(key: string): StoredVersion | undefined {
    const newest = this.objects.get(key);
    return newest?.deleteMarker === true ? undefined : newest;
  }

  version(key: string, versionId: string): StoredVersion | undefined {
    for (const version of this.objects.get(key)?.chain() ?? []) {
      if (version.versionId === versionId) return version;
    }
    return undefined;
  }

  /** @throws S3Error `MethodNotAllowed` where objects are generated. */
  put(details: Omit<VersionDetails, 'versionId'>, newId: () => string): StoredVersion {
    const versionId = this.versioning === 'Enabled' ? newId() : NULL_VERSION;
    const version = new StoredVersion({ ...details, versionId });
    this.#keep(version.key, [version, ...this.#chainWithout(version.key, versionId)]);
    return version;
  }

  /** A deletion without a version id: hides the object where there are versions, else ends it. */
  remove(key: string, modified: number, newId: () => string): Deletion {
    if (this.versioning === 'never') {
      this.#keep(key, []);
      return { deleteMarker: false };
    }
    const marker = this.put({ key, content: 0, modified, etag: '', deleteMarker: true }, newId);
    return { versionId: marker.versionId, deleteMarker: true };
  }

  removeVersion(key: string, versionId: string): Deletion {
    const deleteMarker = this.version(key, versionId)?.deleteMarker ?? false;
    this.#keep(key, this.#chainWithout(key, versionId));
    return { versionId, deleteMarker };
  }

  /** Ends a key with all its versions, as nobody could by one request. */
  erase(key: string): void {
    this.#keep(key, []);
  }

  #chainWithout(key: string, versionId: string): StoredVersion[] {
    return [...(this.objects.get(key)?.chain() ?? [])].filter((version) => version.versionId !== versionId);
  }

  #keep(key: string, newestFirst: readonly StoredVersion[]): void {
    if (this.#writable === null) {
      throw new S3Error('MethodNotAllowed', { message: `The bucket ${this.name} is generated: it can't be changed.` });
    }
    const [newest] = newestFirst;
    if (newest === undefined) {
      this.#writable.remove(key);
      return;
    }
    for (const [at, version] of newestFirst.entries()) {
      version.older = newestFirst[at + 1] ?? null;
    }
    this.#writable.set(newest);
  }
}
