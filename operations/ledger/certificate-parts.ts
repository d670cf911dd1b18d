import { buffer } from 'node:stream/consumers';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type CertifiedLines, compressedLines, NO_LINES, parsedLines } from './certificate-lines.ts';
import type { CertificatePart } from './certificates.ts';
import { checksum } from './line-parts.ts';

/** The parts of a certificate that no single process could write: those of a run in shards. */

/** Begins the paths of all of them. */
export function certificatePartsPath(run: string): string {
  return `runs/${run}/certificate/`;
}

/**
 * Writes a part. Its path has its hash, so a late attempt that finds something else writes beside what the certificate names.
 *
 * @param name of letters, digits and `-`, one for each part.
 * @throws StoreError
 */
export async function writePart(
  store: LedgerStore,
  run: string,
  { name, covers, lines }: { readonly name: string; readonly covers: string; readonly lines: Partial<CertifiedLines> },
): Promise<CertificatePart> {
  const content = await compressedLines([], { ...NO_LINES, ...lines });
  const sha256 = checksum(content);
  const file = `${certificatePartsPath(run)}${name}-${sha256.slice(0, 16)}.ndjson.gz`;
  await store.writeFile(file, content);
  return { file, sha256, covers };
}

/** What a part says, or what is wrong with it: the end of a sentence whose subject is its path. */
export type ReadPart = { readonly lines: CertifiedLines } | { readonly broken: string };

/** @throws StoreError */
export async function readPart(store: LedgerStore, { file, sha256 }: CertificatePart): Promise<ReadPart> {
  const chunks = await store.readFile(file);
  if (chunks === null) return { broken: 'is gone' };
  const content = await buffer(chunks);
  if (checksum(content) !== sha256) return { broken: 'has changed since the run' };
  try {
    return { lines: parsedLines(content, 0).lines };
  } catch {
    return { broken: "can't be read: it is not what the steward wrote" };
  }
}
