import { setTimeout as sleep } from 'node:timers/promises';

/** Deletions a second below which a store is not spared any further. */
const SLOWEST = 20;

/**
 * Spreads deletions over time. A bucket takes some 3,500 writes and deletes a second for each part of its keys, and
 * Flink's own share of that comes first.
 */
export class Pace {
  readonly #now: () => number;
  readonly #wait: (milliseconds: number) => Promise<void>;
  readonly #full: number;
  #perSecond: number;
  #free = Number.NEGATIVE_INFINITY;

  /**
   * @param perSecond deletions a second at most.
   * @param now milliseconds.
   * @param wait for tests. @default the real time
   */
  constructor(perSecond: number, now: () => number, wait: (milliseconds: number) => Promise<void> = reallyWait) {
    this.#full = perSecond;
    this.#perSecond = perSecond;
    this.#now = now;
    this.#wait = wait;
  }

  /** Waits until so many deletions may begin. */
  async take(deletions: number): Promise<void> {
    const now = this.#now();
    if (this.#free > now) {
      await this.#wait(this.#free - now);
    }
    this.#free = Math.max(this.#free, now) + (deletions / this.#perSecond) * 1000;
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

async function reallyWait(milliseconds: number): Promise<void> {
  await sleep(milliseconds);
}
