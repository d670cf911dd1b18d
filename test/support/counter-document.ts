import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { StoreError } from '#ports/object-store.ts';

/** A document that many writers count in, each under its own name, so that no two write the same content. */
const counterSchema = z.object({ total: z.int(), by: z.record(z.string(), z.int()), padding: z.string() });
export type Counter = z.output<typeof counterSchema>;

/** Long enough for a write in several steps to be caught in the middle. */
const PADDING = 'x'.repeat(30_000);
const PATH = 'counter.json';

/** @throws SyntaxError, z.ZodError for half a document. */
export async function readCounter(store: LedgerStore): Promise<Counter & { readonly tag: string | null }> {
  const document = await store.readDocument(PATH);
  if (document === null) return { total: 0, by: {}, padding: PADDING, tag: null };
  const counter = counterSchema.parse(JSON.parse(document.text));
  if (counter.padding !== PADDING) throw new SyntaxError('The padding is cut.');
  return { ...counter, tag: document.tag };
}

/** Adds one, however many others do so at the same time and whatever the store fails to say. */
export async function countOne(store: LedgerStore, writer: string): Promise<void> {
  const before = await persist(() => readCounter(store));
  const wanted = (before.by[writer] ?? 0) + 1;
  for (let known = before; known.by[writer] !== wanted; known = await persist(() => readCounter(store))) {
    const next = { total: known.total + 1, by: { ...known.by, [writer]: wanted }, padding: PADDING };
    try {
      if ((await store.writeDocument(PATH, JSON.stringify(next), known.tag)) !== null) return;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}

async function persist<T>(call: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreError) || failures === 20) throw error;
    }
  }
}
