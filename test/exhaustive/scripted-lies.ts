import type { Liar, Lie } from '#test/model/lying-store.ts';
import type { StoredObject } from '#test/support/memory-bucket.ts';
import type { DeedOf } from './deeds.ts';

/** A store that lies, and refuses, as it is told. */
export class ScriptedLies implements Liar {
  readonly #lies = new Map<string, Lie>();
  /** What lies under each key, and what did before. */
  readonly #now = new Map<string, StoredObject>();
  readonly #former = new Map<string, StoredObject>();
  /** Keys that the store does not delete. */
  readonly #refused = new Set<string>();
  #repeatsPages = false;

  /** Whether each page of a listing leads to itself. */
  get repeatsPages(): boolean {
    return this.#repeatsPages;
  }

  repeatPages(): void {
    this.#repeatsPages = true;
  }

  refuse(key: string): void {
    this.#refused.add(key);
  }

  refuses(key: string): boolean {
    return this.#refused.has(key);
  }

  written(object: StoredObject): void {
    const there = this.#now.get(object.key);
    if (there !== undefined) this.#former.set(object.key, there);
    this.#now.set(object.key, object);
  }

  begin(key: string, how: DeedOf<'lies'>['how']): void {
    const instead = how === 'old content' ? this.#former.get(key) : null;
    if (instead === undefined) {
      throw new Error(`Nothing else was ever written to ${key}.`);
    }
    this.#lies.set(key, { until: Number.POSITIVE_INFINITY, instead, ...(how === 'unreadable' ? { fails: true } : {}) });
  }

  end(): void {
    this.#lies.clear();
    this.#refused.clear();
    this.#repeatsPages = false;
  }

  about(key: string): Lie | undefined {
    return this.#lies.get(key);
  }

  tell(key: string): Lie | undefined {
    return this.about(key);
  }
}
