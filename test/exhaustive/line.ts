import type { Participant, Queue, Waiting } from '#test/model/turnstile.ts';

/** Where the calls of each participant wait, first in, first out. Whose turn it is, the schedule says. */
export class Line implements Queue {
  readonly #page: number;
  readonly #waiting = new Map<Participant, Waiting[]>();

  /** @param page how many objects a page of a listing shows. */
  constructor(page: number) {
    this.#page = page;
  }

  pageSize(): number {
    return this.#page;
  }

  enqueue(waiting: Waiting): void {
    this.#waiting.set(waiting.who, [...(this.#waiting.get(waiting.who) ?? []), waiting]);
  }

  /** The call whose turn it is when it is this participant's. */
  first(who: Participant): string | undefined {
    return this.#waiting.get(who)?.[0]?.call;
  }

  /** @returns what was called. */
  letThrough(who: Participant, fate: 'done' | 'dies after all'): string {
    const [first, ...others] = this.#waiting.get(who) ?? [];
    if (first === undefined) {
      throw new Error(`${who.name} calls nothing.`);
    }
    this.#waiting.set(who, others);
    first.turn(fate);
    return first.call;
  }
}
