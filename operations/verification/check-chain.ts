import { type Chain, type Link, readCertificate, type StoredCertificate } from '#operations/ledger/certificates.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Finding } from './finding.ts';

/** Holds a certificate against the ones before and after it, and against all that knows its hash. */

/** What is known of the certificate of a run. */
export interface Chained {
  readonly run: string;
  readonly stored: StoredCertificate | null;
  /** Of the record of the run: null where that says that there is none, undefined where it says nothing. */
  readonly recorded: string | null | undefined;
  /** The ledger's list of certificates; null where there is none. */
  readonly chain: Chain | null;
}

/** @throws StoreError */
export async function checkChain(store: LedgerStore, chained: Chained): Promise<readonly Finding[]> {
  const { run, stored, recorded, chain } = chained;
  const links = chain?.chain ?? [];
  const at = links.findLastIndex((link) => link.run === run);
  const listed = links[at] ?? null;
  if (stored === null) return missing(chained, listed);
  const { sha256, certificate } = stored;
  const findings: Finding[] = [];
  const say = (sentence: string): void => void findings.push({ rule: 'chain', url: null, sentence });
  if (recorded !== undefined && recorded !== sha256) say(`The record of run ${run} names another certificate.`);
  if (listed === null && !isOlder(run, chain))
    say(`The ledger's list of certificates does not name that of run ${run}.`);
  if (listed !== null && listed.sha256 !== sha256)
    say(`The ledger's list of certificates names another one for run ${run}.`);
  if (certificate === null) {
    say(`The certificate of run ${run} can't be read: it is not what the steward wrote.`);
    return findings;
  }
  if (certificate.head.run !== run) say(`The certificate of run ${run} is that of run ${certificate.head.run}.`);
  if (listed === null) return findings;
  const before = links[at - 1] ?? null;
  const isFirst = at === 0;
  if (before !== null && !isSame(certificate.head.previous, before)) {
    say(`The certificate of run ${run} does not follow that of run ${before.run}, which the list puts before it.`);
  } else if (isFirst && chain?.before === 0 && certificate.head.previous !== null) {
    say(
      `The certificate of run ${run} follows that of run ${certificate.head.previous.run}, which the list leaves out.`,
    );
  }
  if (before !== null) findings.push(...(await checkBefore(store, run, before)));
  const after = links[at + 1];
  if (after !== undefined) findings.push(...(await checkAfter(store, { run, sha256 }, after)));
  return findings;
}

function missing({ run, recorded }: Chained, listed: Link | null): readonly Finding[] {
  if (listed === null && typeof recorded !== 'string') return [];
  const who = listed === null ? `the record of run ${run}` : "the ledger's list of certificates";
  return [{ rule: 'chain', url: null, sentence: `The certificate of run ${run} is gone, and ${who} names it.` }];
}

/** A list that has dropped its oldest entries need not name a run before them. */
function isOlder(run: string, chain: Chain | null): boolean {
  const [first] = chain?.chain ?? [];
  return first !== undefined && (chain?.before ?? 0) > 0 && run < first.run;
}

async function checkBefore(store: LedgerStore, run: string, before: Link): Promise<readonly Finding[]> {
  const stored = await readCertificate(store, before.run);
  if (stored?.sha256 === before.sha256) return [];
  const what = stored === null ? 'is gone' : 'has changed';
  const sentence = `The certificate of run ${before.run}, which comes before that of run ${run}, ${what}.`;
  return [{ rule: 'chain', url: null, sentence }];
}

async function checkAfter(store: LedgerStore, own: Link, after: Link): Promise<readonly Finding[]> {
  const stored = await readCertificate(store, after.run);
  const say = (sentence: string): readonly Finding[] => [{ rule: 'chain', url: null, sentence }];
  if (stored === null)
    return say(`The certificate of run ${after.run}, which comes after that of run ${own.run}, is gone.`);
  if (stored.sha256 !== after.sha256) {
    return say(`The certificate of run ${after.run}, which comes after that of run ${own.run}, has changed.`);
  }
  return isSame(stored.certificate?.head.previous ?? null, own)
    ? []
    : say(`The certificate of run ${after.run} follows another certificate than the one that run ${own.run} has now.`);
}

function isSame(link: Link | null, other: Link): boolean {
  return link?.run === other.run && link.sha256 === other.sha256;
}
