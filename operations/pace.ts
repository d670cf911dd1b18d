import { reallyWait, type Wait } from '#operations/wait.ts';

/** Deletions a second below which a store is not spared any further. */
const SLOWEST = 20;
/** As many keys as one request takes. */
const LARGEST_BATCH = 1_000;
/** Seconds that a batch may take: pause, lease and clock are checked before each batch. */
const BATCH_TIME = 10;

/**
 * Spreads deletions, or reads, over time. A bucket takes some 3,500 writes and deletes and 5,500 reads a second for each
 * part of its keys, and Flink's own share of that comes first.
 */
export class Pace {
  readonly #now: () => number;
  readonly #wait: Wait;
  readonly #full: number;
  #perSecond: number;
  #free = Number.NEGATIVE_INFINITY;

  /**
   * @param perSecond deletions or reads a second at most.
   * @param now milliseconds.
   * @param wait for tests. @default the real time
   */
  constructor(perSecond: number, now: () => number, wait: Wait = reallyWait) {
    this.#full = perSecond;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#wait = wait;
  }

  /** How many deletions may be taken at once, by the pace of now. */
  get batch(): number {
    return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(this.#perSecond * BATCH_TIME)));
  }

  /**
   * Waits until so many may begin.
   *
   * @param signal ends the waiting early, without a failure: the caller asks it why.
   */
  async take(amount: number, signal?: AbortSignal): Promise<void> {
    const now = this.#now();
    if (this.#free > now) {
      await this.#wait(this.#free - now, signal);
    }
    this.#free = Math.max(this.#free, now) + (amount / this.#perSecond) * 1000;
  }

  /** The store refuses what it is asked: it may be throttling, so half as much is asked of it. */
  slower(): void {
    this.#perSecond = Math.max(Math.min(SLOWEST, this.#full), this.#perSecond / 2);
  }

  /** All went well: slowly back to the full pace. */
  faster(): void {
    this.#perSecond = Math.min(this.#full, this.#perSecond * 1.1);
  }
}
