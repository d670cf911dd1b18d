import type { LedgerStore } from '#ports/ledger-store.ts';

/** The names of the runs that the ledger has on record, and which of them people mean. */

/** A run that left something in the ledger. */
export interface KnownRun {
  readonly name: string;
  /** Whether it wrote down, before it did so, that it would delete or retire something. */
  readonly hasLog: boolean;
}

const OF_RUN = /^runs\/([\w-]+)\/(planned-)?/;
/** A name as `runName` makes it. */
const WHOLE = /^\d{8}T\d{9}Z-\w+$/;
/** Fewer characters are too easily typed by mistake. */
const SHORTEST = 4;

/** All runs on record, the newest first, also those that ended before they wrote a summary. @throws StoreError */
export async function knownRuns(store: LedgerStore): Promise<readonly KnownRun[]> {
  const known = new Map<string, boolean>();
  for await (const path of store.listFiles('runs/')) {
    const [, name, planned] = OF_RUN.exec(path) ?? [];
    if (name !== undefined) {
      known.set(name, planned !== undefined || known.get(name) === true);
    }
  }
  return [...known].map(([name, hasLog]) => ({ name, hasLog })).reverse();
}

/** Names of the runs that a text may mean: a whole name, else the beginning of names or of their last parts. */
export function runsMeant(known: readonly KnownRun[], text: string): readonly string[] {
  const names = known.map(({ name }) => name);
  if (names.includes(text)) return [text];
  if (text.length < SHORTEST || WHOLE.test(text)) return [];
  return names.filter((name) => name.startsWith(text) || name.slice(name.lastIndexOf('-') + 1).startsWith(text));
}
