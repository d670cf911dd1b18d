import { METADATA_NAME } from '#core/flink/names.ts';
import {
  type Children,
  type KeyRange,
  type ListedObject,
  type ListedPage,
  type ListOptions,
  type ObjectStore,
  type ReadOptions,
  type ReadOutcome,
  StoreError,
} from '#ports/object-store.ts';
import type { MemoryBucket, StoredObject } from '#test/support/memory-bucket.ts';
import type { Chance } from './chance.ts';

const MINUTE = 60_000;

/** What is told of a root. */
export interface Lie {
  /** Epoch milliseconds. */
  readonly until: number;
  /** What is given in the place of what is there; null where it is denied. */
  readonly instead: StoredObject | null;
  /** Where the store gives no answer at all. */
  readonly fails?: boolean;
}

/** What lies may be. Those of old contents alone are of any root that has others beside it. */
export type LieKinds = 'denied' | 'older' | 'both';

/** Tells which roots are not told of as they are. */
export interface Liar {
  /** What is told in place of the truth; undefined where it is the truth. */
  about(key: string): Lie | undefined;
  /** @returns as {@link about}; a lie may begin. */
  tell(key: string): Lie | undefined;
}

/** Which roots a store denies, or gives as they were before, and for how long. */
export class Lies implements Liar {
  readonly #bucket: MemoryBucket;
  readonly #chance: Chance;
  readonly #kinds: LieKinds;
  readonly #lies = new Map<string, Lie>();
  /** What was written under each root's key, the newest last. */
  readonly #written = new Map<string, StoredObject[]>();
  /** How likely a reading of a root begins a lie. */
  likelihood: number;
  told = 0;

  constructor(bucket: MemoryBucket, chance: Chance, likelihood: number, kinds: LieKinds = 'both') {
    this.#bucket = bucket;
    this.#chance = chance;
    this.#kinds = kinds;
    this.likelihood = likelihood;
    bucket.watch((object) => {
      if (object.key.endsWith(METADATA_NAME)) {
        this.#written.set(object.key, [...(this.#written.get(object.key) ?? []), object]);
      }
    });
  }

  about(key: string): Lie | undefined {
    const known = this.#lies.get(key);
    return known !== undefined && this.likelihood > 0 && this.#bucket.now() < known.until ? known : undefined;
  }

  tell(key: string): Lie | undefined {
    if (this.about(key) === undefined && key.endsWith(METADATA_NAME) && this.#chance.in(this.likelihood)) {
      const before = this.#written.get(key)?.at(-2);
      const minutes = this.#chance.pick([0.01, 1, 30, 240, 1_440]);
      const instead = before !== undefined && this.#chance.in(0.5) ? before : null;
      const until = this.#bucket.now() + minutes * MINUTE;
      if (this.#kinds === 'both') {
        this.#lies.set(key, { until, instead });
      } else {
        const older = this.#kinds === 'older' ? (before ?? this.#beside(key)) : null;
        if (older !== undefined) {
          this.#lies.set(key, { until, instead: older });
        }
      }
    }
    const lie = this.about(key);
    this.told += lie === undefined ? 0 : 1;
    return lie;
  }

  /** A cache in front of the store that takes one root for another of its directory. */
  #beside(key: string): StoredObject | undefined {
    const parent = key.replace(/[^/]+\/[^/]+$/, '');
    return [...this.#written.entries()]
      .filter(([other]) => other !== key && other.startsWith(parent))
      .at(-1)?.[1]
      .at(-1);
  }
}

/** A store whose listings tell the truth, and whose readings do not always. */
export class LyingStore implements ObjectStore {
  readonly name: string;
  readonly keysPerRequest?: number;
  protected readonly inner: ObjectStore;
  protected readonly lies: Liar;

  constructor(inner: ObjectStore, lies: Liar) {
    this.inner = inner;
    this.name = inner.name;
    if (inner.keysPerRequest !== undefined) this.keysPerRequest = inner.keysPerRequest;
    this.lies = lies;
  }

  now(options?: ListOptions): Promise<number> {
    return this.inner.now(options);
  }

  list(range: KeyRange, options?: ListOptions): AsyncIterable<ListedPage> {
    return this.inner.list(range, options);
  }

  children(prefix: string, options?: ListOptions): AsyncIterable<Children> {
    return this.inner.children(prefix, options);
  }

  async read(key: string, options?: ReadOptions): Promise<ReadOutcome> {
    const outcome = await this.inner.read(key, options);
    const lie = outcome.found ? this.lies.tell(key) : undefined;
    if (!outcome.found || lie === undefined) {
      return outcome;
    }
    if (lie.fails) {
      throw new StoreError('unavailable', 'The store gives no answer.');
    }
    if (lie.instead === null) {
      return { found: false };
    }
    const { content, etag, modified } = lie.instead;
    return { found: true, etag, bytes: content.length, modified, chunks: once(content) };
  }
}

/**
 * The same store for a steward that believes it: its listings show what its readings give, so nothing contradicts
 * anything.
 */
export class ConsistentLiar extends LyingStore {
  override async *list(range: KeyRange, options?: ListOptions): AsyncGenerator<ListedPage> {
    // The listing of all objects is the truth: only what roots are seen is in question.
    if (range.prefix === '') {
      yield* this.inner.list(range, options);
      return;
    }
    for await (const page of this.inner.list(range, options)) {
      yield this.#shown([...page]);
    }
  }

  override async *children(prefix: string, options?: ListOptions): AsyncGenerator<Children> {
    for await (const { folders, objects } of this.inner.children(prefix, options)) {
      yield { folders, objects: this.#shown(objects) };
    }
  }

  #shown(page: readonly ListedObject[]): readonly ListedObject[] {
    return page.flatMap((object) => {
      const lie = this.lies.about(object.key);
      if (lie === undefined) {
        return object;
      }
      return lie.instead === null ? [] : { ...object, etag: lie.instead.etag };
    });
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
