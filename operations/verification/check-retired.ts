import { buffer } from 'node:stream/consumers';
import { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
import type { Certificate } from '#operations/ledger/certificates.ts';
import { checksum } from '#operations/ledger/line-parts.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { CertifiedGrounds } from './certified-grounds.ts';
import type { Finding } from './finding.ts';
import type { Protects } from './judge-deletion.ts';
import { pathFacts } from './path-facts.ts';
import type { LogLine } from './run-log.ts';

/** Judges what a run has retired, and what it deleted of savepoints that were retired before. */

/** A retired root was read by the run, neither pinned nor protected, and the ledger has what it was. */
export async function checkRetired(
  store: LedgerStore,
  run: string,
  grounds: CertifiedGrounds,
  lines: readonly LogLine[],
  protects: Protects,
): Promise<readonly Finding[]> {
  const retired = lines.filter(({ rule }) => rule === 'retired');
  if (retired.length === 0) return [];
  const pins = new Set(grounds.certificate.head.pins);
  const copies = new Set<string>();
  for await (const file of store.listFiles(`retired/${run}/`)) copies.add((await contentOf(store, file)).sha256);
  return retired.flatMap(({ url, etag }) => {
    const root = grounds.root(url, etag);
    const broken =
      root === null || !url.endsWith('/_metadata')
        ? { rule: 'root', why: 'the certificate knows no such checkpoint or savepoint' }
        : pins.has(url)
          ? { rule: 'pinned', why: 'it was pinned' }
          : protects(url)
            ? { rule: 'protect-pattern', why: 'a pattern of "protect" protects it' }
            : root.state !== 'read' || root.sha256 === null
              ? { rule: 'unreadable-root', why: 'the run had not read it' }
              : !copies.has(root.sha256)
                ? { rule: 'root', why: 'the ledger has no copy of it' }
                : null;
    return broken === null ? [] : [{ rule: broken.rule, url, sentence: `${url} was retired, but ${broken.why}.` }];
  });
}

/** The copy of a retired savepoint tells which files were its own. */
export async function checkRetiredSavepoints(
  store: LedgerStore,
  { exceptions }: Certificate,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const named = new Map<string, ReadonlySet<string>>();
  for (const exception of exceptions) {
    if (exception.why !== 'retired-savepoint') continue;
    const { url, copy } = exception;
    const names = named.get(copy) ?? namesIn((await contentOf(store, copy)).content);
    named.set(copy, names);
    if (!names.has(pathFacts(url).name)) {
      const sentence = `${url} was deleted as a file of a retired savepoint, but ${copy} of the ledger does not reference it.`;
      findings.push({ rule: 'savepoint-files', url, sentence });
    }
  }
  return findings;
}

function namesIn(content: Uint8Array): ReadonlySet<string> {
  try {
    return new Set(parseMetadata(content).references.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
  } catch {
    return new Set();
  }
}

async function contentOf(
  store: LedgerStore,
  file: string,
): Promise<{ readonly content: Uint8Array; readonly sha256: string }> {
  const chunks = await store.readFile(file);
  const content = chunks === null ? new Uint8Array() : await buffer(chunks);
  return { content, sha256: checksum(content) };
}
