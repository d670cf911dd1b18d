/** Something about the ledger that forbids to go on, as sentences: what is the matter, and what to do. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}
