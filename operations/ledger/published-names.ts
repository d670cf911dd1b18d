import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';

/** Under which names the last survey has published jobs, for those who publish single checkpoints between surveys. */

const namesSchema = z.object({
  /** Labels in their order; null where every job has a name of its own. */
  labels: z.array(z.string()).nullable(),
});

/** The names of jobs that are published. */
export type PublishedNames = { readonly all: true } | { readonly all: false; readonly labels: ReadonlySet<string> };

/** The name of the document in the ledger. */
const NAMES_DOCUMENT = 'published-names';

/** Null where no survey has left any, as those of version 0.1.0. @throws StoreError, LedgerError */
export async function publishedNames(ledger: LedgerStore): Promise<PublishedNames | null> {
  const known = await documentOf(ledger).read();
  if (known === null) return null;
  const { labels } = known.value;
  return labels === null ? { all: true } : { all: false, labels: new Set(labels) };
}

/** @param labels null where every job has a name of its own. @throws StoreError, LedgerError */
export async function leavePublishedNames(ledger: LedgerStore, labels: Iterable<string> | null): Promise<void> {
  const names = { labels: labels === null ? null : [...labels].toSorted() };
  await documentOf(ledger).update(
    () => ({ labels: [] }),
    () => names,
  );
}

function documentOf(ledger: LedgerStore): JsonDocument<z.output<typeof namesSchema>> {
  return new JsonDocument(ledger, NAMES_DOCUMENT, namesSchema);
}
