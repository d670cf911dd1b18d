import { type Chain, type Link, readCertificate } from '#operations/ledger/certificates.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** Where a certificate stands in the chain of all certificates of a ledger. */
export interface ChainPlace {
  /** As the list has it, or the certificate that follows. */
  readonly sha256: string;
  /** As the list has it; null where the list does not reach so far back. */
  readonly before: Link | null;
  readonly after: Link | null;
  /** Whether the list says that there is none before it. */
  readonly isFirst: boolean;
}

/**
 * Finds a run in the list, or before its first entry: the list drops its oldest entries, and there each certificate names the
 * one before it, by a hash that is checked on the way.
 *
 * @returns null where the chain does not have it; a sentence where the chain breaks on the way.
 * @throws StoreError
 */
export async function placeInChain(
  store: LedgerStore,
  run: string,
  chain: Chain | null,
): Promise<ChainPlace | string | null> {
  const links = chain?.chain ?? [];
  const dropped = chain?.before ?? 0;
  const at = links.findLastIndex((link) => link.run === run);
  const listed = links[at];
  if (listed !== undefined) {
    const isFirst = at === 0 && dropped === 0;
    return { sha256: listed.sha256, before: links[at - 1] ?? null, after: links[at + 1] ?? null, isFirst };
  }
  let after = links[0];
  for (let step = 1; step <= dropped && after !== undefined; step++) {
    const stored = await readCertificate(store, after.run);
    const previous: Link | null = stored?.certificate?.head.previous ?? null;
    if (stored?.sha256 !== after.sha256 || previous === null) {
      return `The chain of certificates breaks at that of run ${after.run}, before it comes to that of run ${run}.`;
    }
    if (previous.run === run) {
      return { sha256: previous.sha256, before: null, after, isFirst: step === dropped };
    }
    after = previous;
  }
  return null;
}
