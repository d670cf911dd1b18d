import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';

/** What was last found of lifecycle rules that take live state, for those who tell it again. */

const hazardsSchema = z.object({
  /** When that was. */
  at: z.iso.datetime(),
  rules: z.int(),
  /** Bytes of live state that they take. */
  bytes: z.number(),
  /** Which rule takes what and when, as far as there is room for it in a message. Version 0.1.0 wrote none. */
  sentences: z.array(z.string()).default([]),
  /** The rules themselves, as many as sentences. */
  takers: z
    .array(
      z.object({
        bucket: z.string(),
        id: z.string().nullable(),
        position: z.int(),
        /** Epoch milliseconds; null where no checkpoint is known that the rule breaks. */
        from: z.number().nullable(),
      }),
    )
    .default([]),
});
/** What lifecycle rules delete of live state, as it was last found. */
export type KnownHazards = z.output<typeof hazardsSchema>;

/** Null where nobody has looked, or the rules could not be read. @throws StoreError, LedgerError */
export async function knownHazards(ledger: LedgerStore): Promise<KnownHazards | null> {
  return (await documentOf(ledger).read())?.value ?? null;
}

/** If two runs write it at the same time, one of the two findings is kept; both are current. @throws StoreError */
export async function rememberHazards(ledger: LedgerStore, hazards: KnownHazards): Promise<void> {
  const document = documentOf(ledger);
  const known = await document.read();
  await document.write(hazards, known?.tag ?? null);
}

/** The name of the document in the ledger. */
export const HAZARDS_DOCUMENT = 'hazards';

function documentOf(ledger: LedgerStore): JsonDocument<KnownHazards> {
  return new JsonDocument(ledger, HAZARDS_DOCUMENT, hazardsSchema);
}
