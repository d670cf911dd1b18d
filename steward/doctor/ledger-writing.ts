import * as z from 'zod';
import { isoTime } from '#core/iso-time.ts';
import { JsonDocument } from '#operations/ledger/json-document.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type Finding, finding } from './finding.ts';
import { ledgerFailure } from './ledger.ts';

/** The right to write into the ledger, by writing one document that nothing else reads. */

const schema = z.object({ tried: z.iso.datetime() });

/**
 * Writes the document `doctor`, under the conditions on which a lease relies. It stays: the steward deletes nothing in its
 * ledger, so it needs no right to.
 *
 * @param now epoch milliseconds.
 */
export async function checkLedgerWriting(store: LedgerStore, now: number): Promise<Finding> {
  try {
    const document = new JsonDocument(store, 'doctor', schema);
    const tried = isoTime(now);
    await document.write({ tried }, (await document.read())?.tag ?? null);
    return finding('ledger-writing', null, 'ok', `The document "doctor" was written into ${store.name}.`);
  } catch (error) {
    return ledgerFailure('ledger-writing', store, error);
  }
}
