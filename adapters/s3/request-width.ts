/**
 * How many requests may be under way: half as many after the store asked to slow down, one more after each round that
 * went well.
 */
export class RequestWidth {
  readonly #most: number;
  #width: number;
  #wellDone = 0;
  /** Answers to requests that were sent before the last halving, and say nothing about the new width. */
  #stale = 0;

  constructor(most: number) {
    this.#most = most;
    this.#width = most;
  }

  get current(): number {
    return this.#width;
  }

  succeeded(): void {
    this.#stale = Math.max(0, this.#stale - 1);
    this.#wellDone++;
    if (this.#wellDone < this.#width) return;
    this.#wellDone = 0;
    this.#width = Math.min(this.#most, this.#width + 1);
  }

  throttled(): void {
    if (this.#stale > 0) {
      this.#stale--;
      return;
    }
    this.#stale = this.#width;
    this.#wellDone = 0;
    this.#width = Math.max(1, this.#width >> 1);
  }
}
