import { MemoryBucket, type StoredObject } from '#test/support/memory-bucket.ts';
import type { Chance } from './chance.ts';
import type { Flink } from './flink/flink.ts';
import { needsOf, type RootTruth } from './flink/pieces.ts';

/**
 * A bucket into which somebody copies the objects of Flink's bucket now and then, whole or in part. The copies of roots
 * name the files of the original, as those do; they are wanted for the day on which the original is lost.
 */
export class Replica {
  readonly bucket: MemoryBucket;
  readonly #flink: Flink;
  readonly #chance: Chance;
  /** What was copied and is still there, as it was when it was copied. By key. */
  readonly #roots = new Map<string, RootTruth>();
  readonly #retired = new Map<string, { readonly root: RootTruth; readonly object: StoredObject }>();

  constructor(flink: Flink, chance: Chance) {
    this.bucket = new MemoryBucket({
      name: 's3://replica',
      now: flink.bucket.now,
      versions: flink.bucket.versions,
    });
    this.#flink = flink;
    this.#chance = chance;
    this.bucket.watch((object) => this.#written(object));
  }

  /** Now and then. @returns what was done; null mostly. */
  move(): string | null {
    return this.#chance.in(0.04) ? this.sync() : null;
  }

  /** The marker of the steward is copied with all else. */
  sync(): string {
    const original = this.#flink.bucket;
    const share = this.#chance.pick([1, 1, 0.5]);
    // Replication keeps the times of the originals; a tool that copies does not.
    const keepsTimes = this.#chance.in(0.5);
    let copied = 0;
    for (const key of original.keys()) {
      const object = original.get(key);
      if (object !== undefined && this.#chance.in(share)) {
        copied += this.#copy(object, keepsTimes);
      }
    }
    const gone = this.#chance.in(0.3) ? this.bucket.keys().filter((key) => !original.has(key)) : [];
    for (const key of gone) {
      this.bucket.delete(key);
      this.#roots.delete(key);
    }
    return `The replica receives ${copied} objects and loses ${gone.length}`;
  }

  isRoot(key: string): boolean {
    return this.#roots.has(key);
  }

  /** What its roots name, in either bucket. */
  needed(): Set<string> {
    return new Set([...this.#roots.values()].flatMap((root) => [...needsOf(root)]));
  }

  /** A steward withdraws one of its roots. */
  retire(object: StoredObject): void {
    const root = this.#roots.get(object.key);
    if (root !== undefined) {
      this.#roots.delete(object.key);
      this.#retired.set(object.key, { root, object });
    }
  }

  #copy(object: StoredObject, keepsTimes: boolean): number {
    const { key, content, modified, etag } = object;
    const root = this.#flink.roots.get(key);
    if (this.bucket.get(key)?.etag === etag) {
      return 0;
    }
    this.bucket.put(key, content, keepsTimes ? modified : this.bucket.now());
    if (root !== undefined) {
      this.#roots.set(key, root);
    }
    return 1;
  }

  #written({ key, content }: StoredObject): void {
    const retired = this.#retired.get(key);
    if (retired?.object.content.equals(content)) {
      this.#roots.set(key, retired.root);
    }
  }
}
