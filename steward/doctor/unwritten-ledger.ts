import type { LedgerDocument, LedgerStore } from '#ports/ledger-store.ts';

/** A ledger that is read and never written: what would be written is kept here, and read again from here. */
export class UnwrittenLedger implements LedgerStore {
  readonly name: string;
  readonly #store: LedgerStore | null;
  readonly #written = new Map<string, LedgerDocument>();
  #writes = 0;

  /** @param store null for a ledger in which there is nothing. */
  constructor(store: LedgerStore | null) {
    this.name = store?.name ?? '';
    this.#store = store;
  }

  async readDocument(path: string): Promise<LedgerDocument | null> {
    return this.#written.get(path) ?? (await this.#store?.readDocument(path)) ?? null;
  }

  async writeDocument(path: string, text: string, tag: string | null): Promise<string | null> {
    if (((await this.readDocument(path))?.tag ?? null) !== tag) return null;
    this.#writes++;
    const written = { text, tag: `unwritten ${this.#writes}` };
    this.#written.set(path, written);
    return written.tag;
  }

  async readFile(path: string): Promise<AsyncIterable<Uint8Array> | null> {
    return (await this.#store?.readFile(path)) ?? null;
  }

  /** Nothing of what is only looked at is a file. @throws Error */
  async writeFile(path: string): Promise<void> {
    throw new Error(`${path} of the ledger ${this.name} must not be written by a look.`);
  }

  async *listFiles(folder: string): AsyncGenerator<string, void, undefined> {
    if (this.#store !== null) yield* this.#store.listFiles(folder);
  }
}
