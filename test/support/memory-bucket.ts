import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

export interface StoredObject {
  readonly key: string;
  readonly content: Buffer;
  /** LastModified, epoch milliseconds. */
  readonly modified: number;
  readonly etag: string;
  /** Since when it has been in an archive, epoch milliseconds. @default it is not */
  readonly archived?: number;
}

export interface MemoryBucketOptions {
  readonly name?: string;
  /** Its clock, epoch milliseconds. */
  readonly now?: () => number;
  /** Whether what is deleted can be brought back. @default false */
  readonly versions?: boolean;
}

/** The objects of a bucket, with no port before it: every change is one step. Keys are ASCII. */
export class MemoryBucket {
  readonly name: string;
  readonly now: () => number;
  readonly versions: boolean;
  readonly #objects = new Map<string, StoredObject>();
  readonly #deleted = new Map<string, StoredObject[]>();
  readonly #watchers: ((object: StoredObject) => void)[] = [];
  #keys: string[] | null = [];

  constructor({ name = 's3://bucket', now = () => 0, versions = false }: MemoryBucketOptions = {}) {
    this.name = name;
    this.now = now;
    this.versions = versions;
  }

  /** Tells of each object that was written or brought back. */
  watch(watcher: (object: StoredObject) => void): void {
    this.#watchers.push(watcher);
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  has(key: string): boolean {
    return this.#objects.has(key);
  }

  /** @param etag as it is where the object was not written in one piece. @default that of an object in one piece */
  put(key: string, content: string | Uint8Array, modified = this.now(), etag = md5(content)): StoredObject {
    const object = { key, content: Buffer.from(content), modified, etag };
    this.#set(object);
    return object;
  }

  delete(key: string): boolean {
    const object = this.#objects.get(key);
    if (object === undefined) {
      return false;
    }
    if (this.versions) {
      this.#deleted.set(key, [...(this.#deleted.get(key) ?? []), object]);
    }
    this.#objects.delete(key);
    this.#keys = null;
    return true;
  }

  /** Moves an object into an archive, as a lifecycle rule does: nothing else of it changes. */
  archive(key: string): void {
    const object = this.#objects.get(key);
    if (object !== undefined) this.#objects.set(key, { ...object, archived: this.now() });
  }

  /** What was deleted under that ETag and can be brought back. */
  deleted(key: string, etag: string): StoredObject | undefined {
    return this.#deleted.get(key)?.findLast((object) => object.etag === etag);
  }

  /** Brings an old version back as it was, as the removal of a delete marker does. */
  undelete(object: StoredObject): void {
    this.#set(object);
  }

  /** All keys in the order of a listing. */
  keys(): readonly string[] {
    this.#keys ??= [...this.#objects.keys()].sort();
    return this.#keys;
  }

  /** The keys of a prefix that come after another key, in order. */
  *keysAfter(prefix: string, after: string | undefined): Generator<string> {
    const keys = this.keys();
    for (let at = this.#first(keys, prefix, after); at < keys.length; at++) {
      const key = keys[at] ?? '';
      if (!key.startsWith(prefix)) {
        return;
      }
      yield key;
    }
  }

  #first(keys: readonly string[], prefix: string, after: string | undefined): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = keys[middle] ?? '';
      if (key < prefix || (after !== undefined && key <= after)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  #set(object: StoredObject): void {
    if (!this.#objects.has(object.key)) {
      this.#keys = null;
    }
    this.#objects.set(object.key, object);
    for (const watcher of this.#watchers) {
      watcher(object);
    }
  }
}

function md5(content: string | Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}
