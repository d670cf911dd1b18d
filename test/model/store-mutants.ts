import { MARKER_NAME } from '#core/collect/marker-name.ts';
import type { AreaWriter, DeletedObject, PutOptions, PutOutcome, RestoreOutcome } from '#ports/area-writer.ts';
import type {
  Children,
  KeyRange,
  ListedObject,
  ListedPage,
  ListOptions,
  ObjectStore,
  ReadOptions,
  ReadOutcome,
} from '#ports/object-store.ts';

/** What lies between a steward and its bucket, to take a step of the order of reading away. */

/** Passes all on. */
class PassingStore implements ObjectStore {
  readonly name: string;
  readonly keysPerRequest?: number;
  protected readonly inner: ObjectStore;

  constructor(inner: ObjectStore) {
    this.inner = inner;
    this.name = inner.name;
    if (inner.keysPerRequest !== undefined) this.keysPerRequest = inner.keysPerRequest;
  }

  now(options?: ListOptions): Promise<number> {
    return this.inner.now(options);
  }

  read(key: string, options?: ReadOptions): Promise<ReadOutcome> {
    return this.inner.read(key, options);
  }

  list(range: KeyRange, options?: ListOptions): AsyncIterable<ListedPage> {
    return this.inner.list(range, options);
  }

  children(prefix: string, options?: ListOptions): AsyncIterable<Children> {
    return this.inner.children(prefix, options);
  }
}

/**
 * Root listings are made only once: later ones give again what the first gave. A steward that stops after one round
 * would see the same.
 */
export class RootsListedOnce extends PassingStore {
  readonly #children = new Map<string, readonly Children[]>();
  readonly #lists = new Map<string, readonly ListedPage[]>();
  #rounds = 0;
  /** Of a store that is looked through by ranges. */
  #round: 'none' | 'first' | 'over' = 'none';

  override read(key: string, options?: ReadOptions): Promise<ReadOutcome> {
    // Roots are read at the end of each round.
    if (this.#round === 'first') this.#round = 'over';
    return this.inner.read(key, options);
  }

  override async *list(range: KeyRange, options?: ListOptions): AsyncGenerator<ListedPage> {
    if (options?.expected !== undefined) {
      if (this.#round === 'over') return;
      this.#round = 'first';
    }
    if (range.prefix === '') {
      yield* this.inner.list(range, options);
      return;
    }
    const known = this.#lists.get(range.prefix) ?? (this.#rounds > 1 ? [] : undefined);
    const pages = known ?? (await pagesOf(this.inner.list(range, options)));
    this.#lists.set(range.prefix, pages);
    yield* pages;
  }

  override async *children(prefix: string, options?: ListOptions): AsyncGenerator<Children> {
    if (this.#round === 'over') return;
    this.#rounds += prefix === '' ? 1 : 0;
    const known = this.#children.get(prefix) ?? (this.#rounds > 1 ? [] : undefined);
    const pages = known ?? (await pagesOf(this.inner.children(prefix, options)));
    this.#children.set(prefix, pages);
    yield* pages;
  }
}

async function pagesOf<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) {
    all.push(page);
  }
  return all;
}

/** Listings that say nothing of archives. */
export class WithoutArchives extends PassingStore {
  override async *list(range: KeyRange, options?: ListOptions): AsyncGenerator<ListedPage> {
    for await (const page of this.inner.list(range, options)) yield [...page].map(withoutStorage);
  }

  override async *children(prefix: string, options?: ListOptions): AsyncGenerator<Children> {
    for await (const { folders, objects } of this.inner.children(prefix, options)) {
      yield { folders, objects: objects.map(withoutStorage) };
    }
  }
}

function withoutStorage({ storage: _, ...object }: ListedObject): ListedObject {
  return object;
}

/** A location whose markers nobody sees but who looks after it by this name. */
export class OwnMarkers extends PassingStore {
  readonly #owner: string;

  constructor(inner: ObjectStore, owner: string) {
    super(inner);
    this.#owner = owner;
  }

  override read(key: string, options?: ReadOptions): Promise<ReadOutcome> {
    return this.inner.read(ownMarker(key, this.#owner), options);
  }

  override async *list(range: KeyRange, options?: ListOptions): AsyncGenerator<ListedPage> {
    for await (const page of this.inner.list(range, options)) {
      yield [...page].filter(({ key }) => !key.includes(MARKER_NAME));
    }
  }
}

/** What writes to it. */
export class OwnMarkersWriter implements AreaWriter {
  readonly #inner: AreaWriter;
  readonly #owner: string;

  constructor(inner: AreaWriter, owner: string) {
    this.#inner = inner;
    this.#owner = owner;
  }

  putIfAbsent(key: string, content: Uint8Array, options?: PutOptions): Promise<PutOutcome> {
    return this.#inner.putIfAbsent(ownMarker(key, this.#owner), content, options);
  }

  replace(key: string, content: Uint8Array, etag: string): Promise<PutOutcome> {
    return this.#inner.replace(ownMarker(key, this.#owner), content, etag);
  }

  restore(object: DeletedObject): Promise<RestoreOutcome> {
    return this.#inner.restore(object);
  }

  canRestore(object: DeletedObject): Promise<RestoreOutcome> {
    return this.#inner.canRestore(object);
  }
}

function ownMarker(key: string, owner: string): string {
  return key.endsWith(MARKER_NAME) ? `${key}@${owner}` : key;
}
