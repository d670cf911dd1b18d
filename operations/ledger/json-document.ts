import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { LedgerError } from './ledger-error.ts';

/** How often a change is tried again when others write the same document. */
const MOST_ATTEMPTS = 20;

/** One of the ledger's documents, as JSON of a known shape. */
export class JsonDocument<T> {
  readonly #store: LedgerStore;
  readonly #path: string;
  readonly #schema: z.ZodType<T>;

  constructor(store: LedgerStore, path: string, schema: z.ZodType<T>) {
    this.#store = store;
    this.#path = path;
    this.#schema = schema;
  }

  /** @throws LedgerError where what is there is not what this version writes. */
  async read(): Promise<{ readonly value: T; readonly tag: string } | null> {
    const document = await this.#store.readDocument(this.#path);
    return document === null ? null : { value: this.#parse(document.text), tag: document.tag };
  }

  /** Writes it if it is still the one of `tag` (null: if there is none). @returns false where it is not. */
  async write(value: T, tag: string | null): Promise<boolean> {
    return (await this.#store.writeDocument(this.#path, print(value), tag)) !== null;
  }

  /**
   * Changes the document, even if others write it at the same time. An unchanged document is not written.
   *
   * @param empty what it is taken for where there is none.
   * @param change may be called several times, each time with what is there then.
   * @throws LedgerError
   */
  async update(empty: () => T | Promise<T>, change: (value: T) => T): Promise<T> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const known = await this.read();
      const before = known?.value ?? (await empty());
      const value = change(before);
      if (print(value) === print(before) || (await this.write(value, known?.tag ?? null))) {
        return value;
      }
    }
    throw new LedgerError(
      `${this.#path} of the ledger ${this.#store.name} was changed by others during each of ${MOST_ATTEMPTS} attempts to change it. Nothing was written; run again.`,
    );
  }

  #parse(text: string): T {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw this.#foreign(error instanceof Error ? error.message : String(error), error);
    }
    const result = this.#schema.safeParse(json);
    if (!result.success) {
      throw this.#foreign(z.prettifyError(result.error).replaceAll('\n', ' '), result.error);
    }
    return result.data;
  }

  #foreign(why: string, cause: unknown): LedgerError {
    return new LedgerError(
      `${this.#path} of the ledger ${this.#store.name} is not what this version of the steward writes (${why}). Nothing was changed; restore an earlier copy of that document, or use a newer steward.`,
      { cause },
    );
  }
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
