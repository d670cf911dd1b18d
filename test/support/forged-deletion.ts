import { Buffer } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CertificateHead, CertificatePart } from '#operations/ledger/certificates.ts';
import { certificatePath } from '#operations/ledger/certificates.ts';
import { checksum } from '#operations/ledger/line-parts.ts';
import { base64Hashes, hashesOf, nameHash } from '#operations/ledger/name-hashes.ts';
import { LedgerContent } from '#test/support/memory-ledger.ts';

/** Lies about what a run in shards has deleted. */

/** A line of JSON. */
export type Line = Record<string, unknown>;

/** The lines of a compressed file. */
export function linesIn(files: ReadonlyMap<string, Buffer>, path: string): Line[] {
  const text = gunzipSync(files.get(path) ?? gzipSync(''))
    .toString('utf8')
    .trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line);
}

/** @returns the new hash. */
export function writeLinesTo(files: Map<string, Buffer>, path: string, lines: readonly Line[]): string {
  const content = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  files.set(path, content);
  return checksum(content);
}

/** The first line of the certificate of a run. */
export function headIn({ files }: LedgerContent, run: string): CertificateHead {
  return linesIn(files, certificatePath(run))[0] as unknown as CertificateHead;
}

/** Puts another first line into a certificate, of which the record of the run and the list then know. */
export function recertify({ files, documents }: LedgerContent, run: string, head: CertificateHead): void {
  const certificate = writeLinesTo(files, certificatePath(run), [{ ...head }]);
  const summary = `runs/${run}/summary.json`;
  const record = JSON.parse((files.get(summary) ?? Buffer.from('{}')).toString('utf8')) as Line;
  files.set(summary, Buffer.from(JSON.stringify({ ...record, certificate })));
  const known = documents.get('certificates') ?? { text: '{}', tag: '' };
  const list = JSON.parse(known.text) as { chain: { run: string; sha256: string }[] };
  const chain = list.chain.map((link) => (link.run === run ? { run, sha256: certificate } : link));
  documents.set('certificates', { ...known, text: JSON.stringify({ ...list, chain }) });
}

/** A copy of a ledger. */
export function copyOf({ files, documents }: LedgerContent): LedgerContent {
  const copy = new LedgerContent();
  for (const [path, file] of files) copy.files.set(path, file);
  for (const [path, document] of documents) copy.documents.set(path, document);
  return copy;
}

/**
 * The ledger as it would be if the run had deleted a file that a root references, in place of one that it did delete.
 *
 * @param isHidden whether the certificate, the record and the list are made to fit.
 * @returns null where no deleted file has a name beside which one is needed.
 */
export function forgeDeletion(
  content: LedgerContent,
  run: string,
  { isHidden }: { readonly isHidden: boolean },
): LedgerContent | null {
  const ledger = copyOf(content);
  const head = headIn(ledger, run);
  for (const part of head.parts?.deletions ?? []) {
    const forged = forgeIn(ledger, part);
    if (forged === null) continue;
    if (!isHidden) return ledger;
    const lines = linesIn(ledger.files, part.file).map((line) =>
      line.file === forged.file ? { ...line, ...forged } : line,
    );
    const sha256 = writeLinesTo(ledger.files, part.file, lines);
    const { roots, deletions } = head.parts ?? { roots: [], deletions: [] };
    const parts = { roots, deletions: deletions.map((each) => (each === part ? { ...part, sha256 } : each)) };
    recertify(ledger, run, { ...head, parts });
    return ledger;
  }
  return null;
}

/** Calls a deleted file by the name of one that is needed. */
function forgeIn(
  { files }: LedgerContent,
  part: CertificatePart,
): { readonly file: string; readonly sha256: string } | null {
  const lines = linesIn(files, part.file);
  const needed = new Set(
    lines.flatMap(({ line, hashes }) => (line === 'names' ? [...hashesOf([base64Hashes(String(hashes))])] : [])),
  );
  for (const { line, file } of lines) {
    if (line !== 'log' || !String(file).includes('/planned-')) continue;
    const log = linesIn(files, String(file));
    const at = log.findIndex(({ rule }) => rule === 'garbage');
    const name = at < 0 ? null : nameAmong(files, needed);
    if (name === null) continue;
    const forged = log.map((each, index) =>
      index === at ? { ...each, url: String(each.url).replace(/[^/]*$/, name) } : each,
    );
    return { file: String(file), sha256: writeLinesTo(files, String(file), forged) };
  }
  return null;
}

/** A name that is needed, from the files that the shards have left. */
function nameAmong(files: ReadonlyMap<string, Buffer>, needed: ReadonlySet<bigint>): string | null {
  for (const path of files.keys()) {
    if (!/^shards\/[^/]+\/list\/.*-objects-\d+\.ndjson\.gz$/.test(path)) continue;
    for (const line of linesIn(files, path)) {
      const [name] = Object.values(line);
      if (typeof name === 'string' && /^[0-9a-f]{8}-/.test(name) && needed.has(nameHash(name))) return name;
    }
  }
  return null;
}
