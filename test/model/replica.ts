import { MemoryBucket, type StoredObject } from '#test/support/memory-bucket.ts';
import type { Chance } from './chance.ts';
import type { Flink } from './flink/flink.ts';
import { needsOf, type RootTruth } from './flink/pieces.ts';

/**
 * A place into which somebody copies the objects of Flink's bucket now and then, whole or in part: another bucket, or a
 * folder of the same one. The copies of roots
 * name the files of the original, as those do; they are wanted for the day on which the original is lost.
 */
export class Replica {
  readonly bucket: MemoryBucket;
  /** Of its keys: empty in a bucket of its own. */
  readonly prefix: string;
  readonly #isMadeOnce: boolean;
  #syncs = 0;
  readonly #flink: Flink;
  readonly #chance: Chance;
  /** What was copied and is still there, as it was when it was copied. By key. */
  readonly #roots = new Map<string, RootTruth>();
  readonly #retired = new Map<string, { readonly root: RootTruth; readonly object: StoredObject }>();

  constructor(flink: Flink, chance: Chance) {
    const { now, versions } = flink.bucket;
    this.prefix = chance.in(0.4) ? 'backup/' : '';
    this.bucket = this.prefix === '' ? new MemoryBucket({ name: 's3://replica', now, versions }) : flink.bucket;
    this.#isMadeOnce = chance.in(0.3);
    this.#flink = flink;
    this.#chance = chance;
    this.bucket.watch((object) => this.#written(object));
  }

  /** Now and then. @returns what was done; null mostly. */
  move(): string | null {
    return !(this.#isMadeOnce && this.#syncs > 0) && this.#chance.in(0.04) ? this.sync() : null;
  }

  /** The marker of the steward is copied with all else. */
  sync(): string {
    this.#syncs++;
    const original = this.#flink.bucket;
    const share = this.#chance.pick([1, 1, 0.5]);
    // Replication keeps the times of the originals; a tool that copies does not.
    const keepsTimes = this.#chance.in(0.5);
    let copied = 0;
    for (const key of original.keys().filter((each) => this.prefix === '' || each.startsWith('flink/'))) {
      const object = original.get(key);
      if (object !== undefined && this.#chance.in(share)) {
        copied += this.#copy(object, keepsTimes);
      }
    }
    const gone = this.#chance.in(0.3) ? this.keys().filter((key) => !original.has(key)) : [];
    for (const key of gone) {
      this.bucket.delete(`${this.prefix}${key}`);
      this.#roots.delete(key);
    }
    return `The replica receives ${copied} objects and loses ${gone.length}`;
  }

  /** What it holds, by the keys of the originals. */
  keys(): readonly string[] {
    return [...this.bucket.keysAfter(this.prefix, undefined)].map((key) => key.slice(this.prefix.length));
  }

  /** The key of the original; null where an object is none of this copy. */
  keyOfOriginal(key: string): string | null {
    return key.startsWith(this.prefix) ? key.slice(this.prefix.length) : null;
  }

  isRoot(key: string): boolean {
    return this.#roots.has(key);
  }

  /** What its roots name, in either bucket. */
  needed(): Set<string> {
    return new Set([...this.#roots.values()].flatMap((root) => [...needsOf(root)]));
  }

  /** A steward withdraws one of its roots. */
  retire(key: string, object: StoredObject): void {
    const root = this.#roots.get(key);
    if (root !== undefined) {
      this.#roots.delete(key);
      this.#retired.set(key, { root, object });
    }
  }

  #copy(object: StoredObject, keepsTimes: boolean): number {
    const { key, content, modified, etag } = object;
    const root = this.#flink.roots.get(key);
    if (this.bucket.get(`${this.prefix}${key}`)?.etag === etag) {
      return 0;
    }
    this.bucket.put(`${this.prefix}${key}`, content, keepsTimes ? modified : this.bucket.now());
    if (root !== undefined) {
      this.#roots.set(key, root);
    }
    return 1;
  }

  #written({ key: itsKey, content }: StoredObject): void {
    const key = this.keyOfOriginal(itsKey) ?? '';
    const retired = this.#retired.get(key);
    if (retired?.object.content.equals(content)) {
      this.#roots.set(key, retired.root);
    }
  }
}
