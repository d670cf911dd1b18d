import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { compareKeys } from '#core/key-order.ts';
import {
  type Children,
  type KeyRange,
  type ListedObject,
  type ListOptions,
  type ObjectStore,
  type ReadOptions,
  type ReadOutcome,
  type SpecialEntry,
  StoreError,
} from '#ports/object-store.ts';

/** A call of the store, told to the script just before the store looks at its objects. */
export interface StoreCall {
  /** `list` and `children` are told for each page, `chunk` for each chunk of a content. */
  readonly operation: 'now' | 'list' | 'children' | 'read' | 'chunk';
  /** The prefix or the key; empty for `now`. */
  readonly of: string;
  /** Of this call, counted from 1: the page, the chunk; 1 for others. */
  readonly part: number;
  /** Of a listing of which the caller knows how many keys it may show: that of roots, after the one of all objects. */
  readonly expected?: number | undefined;
}

/** May change the store, or throw: then the call fails so. */
export type Act = (store: MovingStore, call: StoreCall) => void;

interface Step {
  readonly when: (call: StoreCall) => boolean;
  readonly act: Act;
  readonly once: boolean;
  done: boolean;
}

interface StoredObject {
  readonly content: Buffer;
  readonly modified: number;
  readonly etag: string;
  readonly special?: SpecialEntry;
}

export interface MovingStoreOptions {
  readonly name?: string;
  /** Epoch milliseconds. */
  readonly now?: number;
  /** Of listings, so that something can happen between two pages of a few objects. @default 1000 */
  readonly objectsPerPage?: number;
  /** How many keys a request is said to list. @default as of a directory, that listing takes no requests */
  readonly keysPerRequest?: number | undefined;
  /** @default 1024 */
  readonly bytesPerChunk?: number;
}

/**
 * A bucket in memory that moves while it is read, by a script. As in S3 each page of a listing shows the objects of
 * that moment, behind the last key of the page before; a content that is being read stays what it was.
 */
export class MovingStore implements ObjectStore {
  readonly name: string;
  readonly keysPerRequest?: number;
  /** The store's clock. */
  time: number;
  /** Every call so far, as `read J/chk-1/_metadata`. */
  readonly calls: string[] = [];
  readonly #objects = new Map<string, StoredObject>();
  readonly #steps: Step[] = [];
  readonly #lies = new Map<string, { left: number; readonly instead: StoredObject | null }>();
  readonly #objectsPerPage: number;
  readonly #bytesPerChunk: number;
  #exists = true;

  constructor({
    name = 's3://bucket',
    now = 0,
    objectsPerPage = 1_000,
    keysPerRequest,
    bytesPerChunk = 1_024,
  }: MovingStoreOptions = {}) {
    this.name = name;
    this.time = now;
    if (keysPerRequest !== undefined) this.keysPerRequest = keysPerRequest;
    this.#objectsPerPage = objectsPerPage;
    this.#bytesPerChunk = bytesPerChunk;
  }

  put(key: string, content: string | Uint8Array, modified = this.time, special?: SpecialEntry): this {
    const object = storedOf(Buffer.from(content), modified);
    this.#objects.set(key, { ...object, ...(special === undefined ? {} : { special }) });
    return this;
  }

  remove(...keys: readonly string[]): this {
    for (const key of keys) {
      this.#objects.delete(key);
    }
    return this;
  }

  /** Takes the whole place away. */
  vanish(): this {
    this.#exists = false;
    return this;
  }

  keys(): readonly string[] {
    return [...this.#objects.keys()].sort(compareKeys);
  }

  /** All objects as files, for a directory that is a copy of this bucket. */
  files(): Readonly<Record<string, { readonly content: Buffer; readonly modified: number }>> {
    return Object.fromEntries(this.#objects);
  }

  /** Does something before the first call that fits, and never again. */
  once(when: Step['when'], act: Act): this {
    this.#steps.push({ when, act, once: true, done: false });
    return this;
  }

  /** Does something before every call that fits. */
  always(when: Step['when'], act: Act): this {
    this.#steps.push({ when, act, once: false, done: false });
    return this;
  }

  /**
   * Gives something else than what is there and is listed.
   *
   * @param times so many readings get it.
   * @param instead null says that there is no such object.
   */
  lie(key: string, times: number, instead: { content: string | Uint8Array; modified: number } | null): this {
    const object = instead === null ? null : storedOf(Buffer.from(instead.content), instead.modified);
    this.#lies.set(key, { left: times, instead: object });
    return this;
  }

  async now(): Promise<number> {
    this.#happens({ operation: 'now', of: '', part: 1 });
    return this.time;
  }

  async *list(
    range: KeyRange,
    { signal, expected }: ListOptions = {},
  ): AsyncGenerator<readonly ListedObject[], void, undefined> {
    const { prefix, until } = range;
    let after = range.after;
    for (let part = 1; ; part++) {
      signal?.throwIfAborted();
      this.#happens({ operation: 'list', of: prefix, part, expected });
      const behind = this.keys().filter(
        (key) =>
          key.startsWith(prefix) &&
          (after === undefined || compareKeys(key, after) > 0) &&
          (until === undefined || compareKeys(key, until) <= 0),
      );
      const page = behind.slice(0, this.#objectsPerPage);
      if (page.length > 0) {
        yield page.flatMap((key) => this.#listed(key));
      }
      if (page.length === behind.length) {
        signal?.throwIfAborted();
        return;
      }
      after = page.at(-1);
    }
  }

  async *children(prefix: string, { signal }: ListOptions = {}): AsyncGenerator<Children, void, undefined> {
    let after: string | undefined;
    for (let part = 1; ; part++) {
      signal?.throwIfAborted();
      this.#happens({ operation: 'children', of: prefix, part });
      const names = new Set(
        this.keys()
          .filter((key) => key.startsWith(prefix))
          .map((key) => childOf(key, prefix)),
      );
      const behind = [...names].filter((name) => after === undefined || compareKeys(name, after) > 0).sort(compareKeys);
      const page = behind.slice(0, this.#objectsPerPage);
      if (page.length > 0) {
        yield {
          // The marker of a folder is an object in it.
          folders: page.filter((name) => name.endsWith('/') && name !== prefix),
          objects: page.filter((name) => !name.endsWith('/') || name === prefix).flatMap((key) => this.#listed(key)),
        };
      }
      if (page.length === behind.length) {
        return;
      }
      after = page.at(-1);
    }
  }

  async read(key: string, { from = 0, to, signal }: ReadOptions = {}): Promise<ReadOutcome> {
    signal?.throwIfAborted();
    this.#happens({ operation: 'read', of: key, part: 1 });
    const object = this.#given(key);
    if (object === undefined) {
      return { found: false };
    }
    const { content, etag, modified } = object;
    const part = content.subarray(from, to === undefined ? undefined : to + 1);
    return { found: true, etag, bytes: content.length, modified, chunks: this.#chunks(key, part, signal) };
  }

  #given(key: string): StoredObject | undefined {
    const lie = this.#lies.get(key);
    if (lie === undefined || lie.left === 0) {
      return this.#objects.get(key);
    }
    lie.left--;
    return lie.instead ?? undefined;
  }

  async *#chunks(key: string, content: Buffer, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    for (let at = 0, part = 1; at < content.length; at += this.#bytesPerChunk, part++) {
      signal?.throwIfAborted();
      this.#happens({ operation: 'chunk', of: key, part });
      yield content.subarray(at, at + this.#bytesPerChunk);
    }
  }

  #happens(call: StoreCall): void {
    this.calls.push(`${call.operation} ${call.of}`);
    for (const step of this.#steps.filter(({ done, when }) => !done && when(call))) {
      step.done = step.once;
      step.act(this, call);
    }
    if (!this.#exists) {
      throw new StoreError('no-such-place', `There is no place ${this.name}.`);
    }
  }

  #listed(key: string): readonly ListedObject[] {
    const object = this.#objects.get(key);
    if (object === undefined) {
      return [];
    }
    const { content, modified, etag, special } = object;
    return [{ key, bytes: content.length, modified, etag, ...(special === undefined ? {} : { special }) }];
  }
}

function storedOf(content: Buffer, modified: number): StoredObject {
  return { content, modified, etag: createHash('sha1').update(content).digest('hex') };
}

/** Whether a call is this one; what is not said may be anything. */
export function callOf(operation: StoreCall['operation'], of?: string, part?: number): Step['when'] {
  return (call) =>
    call.operation === operation && (of === undefined || call.of === of) && (part === undefined || call.part === part);
}

/** Whether a call is the nth that fits, counted from 1. */
export function nth(count: number, when: Step['when']): Step['when'] {
  let seen = 0;
  return (call) => when(call) && ++seen === count;
}

export function failWith(code: StoreError['code'], message = 'It can not be had now'): Act {
  return () => {
    throw new StoreError(code, message);
  };
}

function childOf(key: string, prefix: string): string {
  const slash = key.indexOf('/', prefix.length);
  return slash === -1 ? key : key.slice(0, slash + 1);
}
