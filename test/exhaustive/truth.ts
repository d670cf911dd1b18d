import type { Deleter } from '#test/model/overseer.ts';
import type { MemoryBucket, StoredObject } from '#test/support/memory-bucket.ts';
import { type LedgerState, stateOf, type WatchedLedger } from './watched-ledger.ts';

/** A root, and what a restore from it needs. Keys are whole. */
export interface TrueRoot {
  readonly key: string;
  /** What its `_metadata` says, to write it again. */
  readonly content: StoredObject['content'];
  readonly needs: readonly string[];
}

/** Knows which objects must stay, and says what is lost. */
export class Truth {
  /** Every root that is there, and every copy of one under whatever name. */
  readonly roots = new Map<string, TrueRoot>();
  /** What belongs to somebody else, or must stay for a reason of which no root tells. */
  readonly stays = new Set<string>();
  /** The root to which a job goes back, by the job. */
  readonly fallbacks = new Map<string, string>();
  /** What stewards have deleted and nobody has put back. */
  readonly swept = new Set<string>();
  /** Roots that a steward has retired, and put back as they were. */
  readonly putBack = new Set<string>();
  /** The first loss, in a sentence. */
  loss: string | null = null;
  readonly #bucket: MemoryBucket;
  readonly #ledgers: readonly WatchedLedger[];
  readonly #withdrawn = new Map<string, TrueRoot>();

  constructor(bucket: MemoryBucket, ledgers: readonly WatchedLedger[]) {
    this.#bucket = bucket;
    this.#ledgers = ledgers;
  }

  /** Told just before a steward deletes an object. */
  deleting({ key, content, etag }: StoredObject, { name, began, ledger }: Deleter): void {
    const root = this.roots.get(key);
    if (this.stays.has(key)) {
      this.#lose(`${name} deletes ${key}, which must stay`);
    }
    const state = stateOf(ledger);
    if (state.paused !== null && Date.parse(state.paused.at) < began) {
      this.#lose(`${name} deletes ${key}, though deleting was paused before it began`);
    }
    const user = [...this.roots.values()].find(({ needs }) => needs.includes(key));
    if (user !== undefined) {
      this.#lose(`${name} deletes ${key}, which ${user.key} needs`);
    }
    if (root !== undefined) {
      this.#retiring(root, etag, name, began, state);
      this.roots.delete(key);
      this.#withdrawn.set(key, { ...root, content });
    }
    this.putBack.delete(key);
    this.swept.add(key);
  }

  /** Told just before a steward writes an object. */
  overwriting(key: string, content: Uint8Array): void {
    const there = this.roots.get(key);
    if (there !== undefined && !there.content.equals(content)) {
      this.#lose(`A steward overwrites ${key}, which Flink has written since`);
    }
  }

  /** A steward has written an object. */
  wrote({ key, content }: StoredObject): void {
    this.swept.delete(key);
    const withdrawn = this.#withdrawn.get(key);
    if (withdrawn?.content.equals(content)) {
      this.roots.set(key, withdrawn);
      this.putBack.add(key);
      this.#mustBeWhole(withdrawn, 'is put back');
    }
  }

  /** Flink has written a root. */
  completed(root: TrueRoot, job: string): void {
    this.swept.delete(root.key);
    this.roots.set(root.key, root);
    this.putBack.delete(root.key);
    this.fallbacks.delete(job);
    this.#mustBeWhole(root, 'is completed');
  }

  /** Told at the end: whatever is there can be restored. */
  end(): void {
    for (const root of this.roots.values()) {
      this.#mustBeWhole(root, 'is there');
    }
  }

  #retiring({ key }: TrueRoot, etag: string, by: string, began: number, { retired }: LedgerState): void {
    const isOf = (told: string): boolean => told.endsWith(`/${key}`);
    if (!retired.some((entry) => isOf(entry.url) && entry.state === 'retiring' && entry.etag === etag)) {
      this.#lose(`${by} deletes the root ${key}, and the ledger does not know of it`);
    }
    for (const ledger of this.#ledgers) {
      const isEarlier = stateOf(ledger).pins.some((pin) => isOf(pin.url) && Date.parse(pin.at) < began);
      if (isEarlier || [...ledger.pinnedFirst].some(isOf)) {
        this.#lose(`${by} retires ${key}, which was pinned before`);
      }
    }
    for (const [job, fallback] of this.fallbacks) {
      if (fallback === key) {
        this.#lose(`${by} retires ${key}, to which ${job} goes back when it fails`);
      }
    }
  }

  #mustBeWhole({ key, needs }: TrueRoot, what: string): void {
    const gone = needs.find((need) => this.swept.has(need) && !this.#bucket.has(need));
    if (gone !== undefined) {
      this.#lose(`${key} ${what} and needs ${gone}, which a steward has deleted`);
    }
  }

  #lose(what: string): void {
    this.loss ??= `${what}.`;
  }
}
