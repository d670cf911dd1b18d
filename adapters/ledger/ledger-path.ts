/** What places in a ledger are called, in both kinds of store. */

const SEGMENT = /^[A-Za-z0-9._-]+$/;

/** Comes after the path of a document. No path can have it, so documents and files never meet. */
export const DOCUMENT_MARK = '@';

export function isLedgerPath(path: string): boolean {
  return path.split('/').every((part) => SEGMENT.test(part) && part !== '.' && part !== '..');
}

/** @throws RangeError for what could lead elsewhere, or is no path. */
export function requireLedgerPath(path: string): void {
  if (isLedgerPath(path)) return;
  throw new RangeError(
    `${JSON.stringify(path)} is not a path in a ledger: such paths are relative, with letters, digits, '-', '.' and '_'.`,
  );
}

/** @throws RangeError for what is neither '' nor a path that ends in `/`. */
export function requireLedgerFolder(folder: string): void {
  if (folder === '') return;
  if (!folder.endsWith('/'))
    throw new RangeError(`${JSON.stringify(folder)} is not a folder of a ledger: it does not end in '/'.`);
  requireLedgerPath(folder.slice(0, -1));
}
