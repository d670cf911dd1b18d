import type { AreaWriter, DeletedObject, PutOptions, PutOutcome, RestoreOutcome } from '#ports/area-writer.ts';
import type { DeleteOutcome, GuardedDeleter, GuardedKey } from '#ports/guarded-deleter.ts';
import {
  type Children,
  type KeyRange,
  type ListedObject,
  type ListOptions,
  type ObjectStore,
  type ReadOptions,
  type ReadOutcome,
  StoreError,
} from '#ports/object-store.ts';
import type { Gate } from '#test/support/gate.ts';
import type { MemoryBucket, StoredObject } from '#test/support/memory-bucket.ts';

/** The ports of an area over a bucket in memory: each request waits at a gate. */

const unavailable = (why: string): StoreError => new StoreError('unavailable', why);

export class MemoryStore implements ObjectStore {
  readonly name: string;
  readonly keysPerRequest?: number;
  readonly #bucket: MemoryBucket;
  readonly #gate: Gate;

  /** @param name by which the bucket is reached, where it has several. */
  constructor(bucket: MemoryBucket, gate: Gate, name = bucket.name) {
    this.name = name;
    if (gate.keysPerRequest !== undefined) this.keysPerRequest = gate.keysPerRequest;
    this.#bucket = bucket;
    this.#gate = gate;
  }

  async now(): Promise<number> {
    return await this.#gate.pass('now', () => this.#bucket.now(), unavailable);
  }

  async *list({ prefix, after, until }: KeyRange, { signal }: ListOptions = {}): AsyncGenerator<ListedObject[]> {
    let from = after;
    for (let last = false; !last; ) {
      signal?.throwIfAborted();
      const page = await this.#gate.pass(`list ${prefix}`, () => this.#page(prefix, from, until), unavailable);
      signal?.throwIfAborted();
      last = page.last;
      from = page.objects.at(-1)?.key ?? from;
      if (page.objects.length > 0) {
        yield page.objects;
      }
    }
  }

  async *children(prefix: string, { signal }: ListOptions = {}): AsyncGenerator<Children> {
    let from: string | undefined;
    for (let last = false; !last; ) {
      signal?.throwIfAborted();
      const page = await this.#gate.pass(`children ${prefix}`, () => this.#childrenPage(prefix, from), unavailable);
      signal?.throwIfAborted();
      last = page.last;
      from = page.from;
      if (page.folders.length + page.objects.length > 0) {
        yield { folders: page.folders, objects: page.objects };
      }
    }
  }

  async read(key: string, { from = 0, to, signal }: ReadOptions = {}): Promise<ReadOutcome> {
    signal?.throwIfAborted();
    const object = await this.#gate.pass(`read ${key}`, () => this.#bucket.get(key), unavailable);
    signal?.throwIfAborted();
    if (object === undefined) {
      return { found: false };
    }
    if (object.archived !== undefined) {
      throw new StoreError('archived', `${key} is in an archive, and must be restored before it can be read.`);
    }
    const { content, etag, modified } = object;
    const part = content.subarray(from, to === undefined ? undefined : to + 1);
    return { found: true, etag, bytes: content.length, modified, chunks: chunksOf(part) };
  }

  #page(
    prefix: string,
    after: string | undefined,
    until: string | undefined,
  ): { objects: ListedObject[]; last: boolean } {
    const size = this.#gate.pageSize();
    const objects: ListedObject[] = [];
    for (const key of this.#bucket.keysAfter(prefix, after)) {
      if (until !== undefined && key > until) {
        break;
      }
      if (objects.length === size) {
        return { objects, last: false };
      }
      objects.push(...this.#listed(key));
    }
    return { objects, last: true };
  }

  #childrenPage(prefix: string, after: string | undefined): Children & { from: string | undefined; last: boolean } {
    const size = this.#gate.pageSize();
    const folders: string[] = [];
    const objects: ListedObject[] = [];
    let from = after;
    for (const key of this.#bucket.keysAfter(prefix, after?.endsWith('/') ? `${after}\uffff` : after)) {
      const slash = key.indexOf('/', prefix.length);
      const child = slash === -1 ? key : key.slice(0, slash + 1);
      if (child !== from) {
        if (folders.length + objects.length === size) {
          return { folders, objects, from, last: false };
        }
        from = child;
        if (slash === -1) {
          objects.push(...this.#listed(key));
        } else {
          folders.push(child);
        }
      }
    }
    return { folders, objects, from, last: true };
  }

  #listed(key: string): readonly ListedObject[] {
    const object = this.#bucket.get(key);
    if (object === undefined) {
      return [];
    }
    const { content, modified, etag, archived } = object;
    const storage = archived === undefined ? {} : { storage: 'archived' as const };
    return [{ key, bytes: content.length, modified, etag, ...storage }];
  }
}

async function* chunksOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  if (content.length > 0) {
    yield content;
  }
}

export interface MemoryWriterOptions {
  /** Writes over whatever is there, as some stores do. @default false */
  readonly ignoresIfNoneMatch?: boolean;
}

export class MemoryWriter implements AreaWriter {
  readonly #bucket: MemoryBucket;
  readonly #gate: Gate;
  readonly #options: MemoryWriterOptions;

  constructor(bucket: MemoryBucket, gate: Gate, options: MemoryWriterOptions = {}) {
    this.#bucket = bucket;
    this.#gate = gate;
    this.#options = options;
  }

  async putIfAbsent(key: string, content: Uint8Array, _options?: PutOptions): Promise<PutOutcome> {
    return await this.#put(key, content, (there) => there === undefined || this.#options.ignoresIfNoneMatch === true);
  }

  async replace(key: string, content: Uint8Array, etag: string): Promise<PutOutcome> {
    return await this.#put(key, content, (there) => there?.etag === etag);
  }

  async restore({ key, etag }: DeletedObject): Promise<RestoreOutcome> {
    const effect = (): RestoreOutcome => {
      const outcome = this.#look(key, etag);
      const old = this.#bucket.deleted(key, etag);
      if (outcome.outcome === 'restored' && old !== undefined) {
        this.#bucket.undelete(old);
      }
      return outcome;
    };
    return await this.#gate.pass(`restore ${key}`, effect, unavailable);
  }

  async canRestore({ key, etag }: DeletedObject): Promise<RestoreOutcome> {
    return await this.#gate.pass(`look at versions of ${key}`, () => this.#look(key, etag), unavailable);
  }

  async #put(
    key: string,
    content: Uint8Array,
    fits: (there: StoredObject | undefined) => boolean,
  ): Promise<PutOutcome> {
    const effect = (): PutOutcome => {
      if (!fits(this.#bucket.get(key))) {
        return { outcome: 'exists' };
      }
      const { etag, modified } = this.#bucket.put(key, content);
      return { outcome: 'written', etag, modified };
    };
    return await this.#gate.pass(`put ${key}`, effect, unavailable);
  }

  #look(key: string, etag: string): RestoreOutcome {
    const there = this.#bucket.get(key);
    if (there !== undefined) {
      return there.etag === etag ? { outcome: 'present' } : { outcome: 'lost', why: 'Something else is there.' };
    }
    return this.#bucket.deleted(key, etag) === undefined
      ? { outcome: 'lost', why: 'No version of it is there.' }
      : { outcome: 'restored' };
  }
}

export interface MemoryDeleterOptions {
  /** Told just before an object goes. */
  readonly deleting?: (object: StoredObject) => void;
  /** Deletes whatever has that name, as some stores do. @default false */
  readonly ignoresEtags?: boolean;
  /** Why the store does not delete a key, in its words; null where it does. @default it deletes all */
  readonly refuses?: (key: string) => string | null;
}

/** As S3 does, it deletes the keys of one request one after the other; where it fails it may have deleted some. */
export class MemoryDeleter implements GuardedDeleter {
  readonly #bucket: MemoryBucket;
  readonly #gate: Gate;
  readonly #options: MemoryDeleterOptions;

  constructor(bucket: MemoryBucket, gate: Gate, options: MemoryDeleterOptions = {}) {
    this.#bucket = bucket;
    this.#gate = gate;
    this.#options = options;
  }

  async delete(batch: readonly GuardedKey[], signal?: AbortSignal): Promise<readonly DeleteOutcome[]> {
    const outcomes: DeleteOutcome[] = [];
    for (const { key, etag } of batch) {
      outcomes.push(signal?.aborted ? refused(key, 'The run was stopped.') : await this.#deleteOne(key, etag));
    }
    return outcomes;
  }

  async #deleteOne(key: string, etag: string): Promise<DeleteOutcome> {
    const effect = (): DeleteOutcome => {
      const object = this.#bucket.get(key);
      if (object === undefined) {
        return { key, outcome: 'gone' };
      }
      if (object.etag !== etag && !this.#options.ignoresEtags) {
        return { key, outcome: 'changed' };
      }
      const why = this.#options.refuses?.(key) ?? null;
      if (why !== null) {
        return refused(key, why);
      }
      this.#options.deleting?.(object);
      this.#bucket.delete(key);
      return { key, outcome: 'deleted' };
    };
    try {
      return await this.#gate.pass(`delete ${key}`, effect, unavailable);
    } catch (error) {
      if (error instanceof StoreError) {
        return refused(key, error.message);
      }
      throw error;
    }
  }
}

function refused(key: string, why: string): DeleteOutcome {
  return { key, outcome: 'refused', why };
}
