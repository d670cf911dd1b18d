import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';

/** The document by which a ledger is known as one. */

/** Its name. */
export const IDENTITY = 'ledger';

const identitySchema = z.object({
  format: z.int(),
  /** What the markers in the area call this ledger. */
  id: z.string(),
  created: z.iso.datetime(),
  /**
   * That a `state` was written beside it. Version 0.1.0 wrote neither before somebody said something, so only where this
   * is true is a missing `state` one that was lost.
   */
  state: z.literal(true).optional(),
  /** Where it is kept, by its own word: elsewhere it was moved or copied. Version 0.1.0 does not say it. */
  place: z.string().optional(),
  /**
   * The number that the last run that acted wrote into the markers of the area, 0 before the first. A marker with a higher
   * one tells that this is an earlier copy, whatever has happened to the ledger since. Ledgers of 0.1.0 do not say it.
   */
  acted: z.int().min(0).optional(),
});
/** The id of a ledger, and the format that it is written in. */
export type LedgerIdentity = z.output<typeof identitySchema>;

/** The document that makes a store a ledger. */
export function identityOf(store: LedgerStore): JsonDocument<LedgerIdentity> {
  return new JsonDocument(store, IDENTITY, identitySchema);
}
