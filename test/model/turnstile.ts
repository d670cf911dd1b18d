import type { Gate } from '#test/support/gate.ts';
import type { Chance } from './chance.ts';

/** What becomes of a call when it is its turn. */
export type Fate = 'done' | 'fails' | 'fails after all' | 'dies' | 'dies after all';

/** A call that waits for its turn. */
export interface Waiting {
  readonly who: Participant;
  readonly call: string;
  readonly turn: (fate: Fate) => void;
}

/** Where the calls of all participants wait. */
export interface Queue {
  enqueue(waiting: Waiting): void;
  pageSize(pages: 'short' | 'long'): number;
}

/** One process that calls ports: it can die, and then nothing that it asks for happens any more. */
export class Participant implements Gate {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly began: number;
  readonly keysPerRequest?: number;
  readonly #turnstile: Queue;
  readonly #pages: 'short' | 'long';
  alive = true;

  constructor(
    name: string,
    began: number,
    turnstile: Queue,
    pages: 'short' | 'long' = 'long',
    keysPerRequest?: number,
  ) {
    this.name = name;
    this.began = began;
    this.#turnstile = turnstile;
    this.#pages = pages;
    if (keysPerRequest !== undefined) this.keysPerRequest = keysPerRequest;
  }

  pageSize(): number {
    return this.#turnstile.pageSize(this.#pages);
  }

  async pass<T>(call: string, effect: () => T, failure: (why: string) => Error): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      if (!this.alive) {
        return;
      }
      const turn = (fate: Fate): void => {
        if (fate === 'fails') {
          reject(failure('The model wants it to fail'));
        } else if (fate === 'dies') {
          this.alive = false;
        } else {
          this.#settle(fate, effect, failure, resolve, reject);
        }
      };
      this.#turnstile.enqueue({ who: this, call, turn });
    });
  }

  #settle<T>(
    fate: Exclude<Fate, 'fails' | 'dies'>,
    effect: () => T,
    failure: (why: string) => Error,
    resolve: (value: T) => void,
    reject: (error: Error) => void,
  ): void {
    const value = effect();
    if (fate === 'done') {
      resolve(value);
    } else if (fate === 'fails after all') {
      reject(failure('The model lost the answer'));
    } else {
      this.alive = false;
    }
  }
}

/** All calls that wait, of all stewards. One at a time is let through, in any order. */
export class Turnstile implements Queue {
  readonly #chance: Chance;
  #waiting: Waiting[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  pageSize(pages: 'short' | 'long'): number {
    return pages === 'long' ? 1_000 : this.#chance.between(1, 9);
  }

  enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  /** Lets all calls of a kind through that are on their way. */
  drain(isMeant: (call: string) => boolean): void {
    const meant = this.#waiting.filter(({ who, call }) => who.alive && isMeant(call));
    this.#waiting = this.#waiting.filter((waiting) => !meant.includes(waiting));
    for (const { turn } of meant) {
      turn(this.#chance.in(0.7) ? 'done' : 'fails');
    }
  }

  /** Lets one call through, of one that lives. @returns what it was, or null where none waits. */
  next(fateOf: (call: string) => Fate): string | null {
    this.#waiting = this.#waiting.filter(({ who }) => who.alive);
    if (this.#waiting.length === 0) {
      return null;
    }
    const [chosen] = this.#waiting.splice(this.#chance.between(0, this.#waiting.length - 1), 1);
    if (chosen === undefined) {
      return null;
    }
    const fate = fateOf(chosen.call);
    const told = `${chosen.who.name}: ${chosen.call}${fate === 'done' ? '' : ` (${fate})`}`;
    chosen.turn(fate);
    return told;
  }
}

/** Waits until everybody who goes on has come to the next call. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
