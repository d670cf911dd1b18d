import * as z from 'zod';
import { isoTime } from '#core/iso-time.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';
import { LedgerError } from './ledger-error.ts';

/** The format that this version reads and writes. */
export const LEDGER_FORMAT = 1;

const identitySchema = z.object({
  format: z.int(),
  /** What the markers in the area call this ledger. */
  id: z.string(),
  created: z.iso.datetime(),
});

/** The steward's own store: what must survive from run to run. */
export interface Ledger {
  readonly store: LedgerStore;
  readonly id: string;
}

/**
 * @returns null where there is none.
 * @throws LedgerError for a ledger of a newer format.
 */
export async function openLedger(store: LedgerStore): Promise<Ledger | null> {
  const known = await identityOf(store).read();
  if (known === null) {
    return null;
  }
  const { format, id } = known.value;
  if (format !== LEDGER_FORMAT) {
    throw new LedgerError(
      `The ledger ${store.name} has format ${format}, and this steward knows format ${LEDGER_FORMAT} only. Nothing is done; use the newer steward that wrote it.`,
    );
  }
  return { store, id };
}

/** Opens the ledger, and makes it where there is none. @param id for a new one. @param now epoch milliseconds. */
export async function openOrCreateLedger(store: LedgerStore, id: string, now: number): Promise<Ledger> {
  const identity = { format: LEDGER_FORMAT, id, created: isoTime(now) };
  // Where another steward makes it at the same moment, its identity counts.
  const opened = (await openLedger(store)) ?? ((await identityOf(store).write(identity, null)) ? { store, id } : null);
  if (opened !== null) {
    return opened;
  }
  const other = await openLedger(store);
  if (other === null) {
    throw new LedgerError(
      `The ledger ${store.name} could not be made: it is neither there nor can it be written. Nothing is done.`,
    );
  }
  return other;
}

function identityOf(store: LedgerStore): JsonDocument<z.output<typeof identitySchema>> {
  return new JsonDocument(store, 'ledger', identitySchema);
}
