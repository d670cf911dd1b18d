import type { Chain, Link, StoredCertificate } from '#operations/ledger/certificates.ts';
import { readCertificate } from '#operations/ledger/certificates.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type ChainPlace, placeInChain } from './chain-place.ts';
import type { Finding } from './finding.ts';

/** Holds a certificate against the ones before and after it, and against all that knows its hash. */

/** What is known of the certificate of a run. */
export interface Chained {
  readonly run: string;
  readonly stored: StoredCertificate | null;
  /** Null where there is none, or it is damaged. */
  readonly record: Pick<RunRecord, 'result' | 'certificate'> | null;
  /** Whether the run deleted or retired anything, by its log. */
  readonly hasActed: boolean;
  /** The ledger's list of certificates; null where there is none. */
  readonly chain: Chain | null;
}

/** What the chain says of a certificate. */
export interface ChainCheck {
  readonly findings: readonly Finding[];
  /** The run ended, or failed, after it had written the certificate and before the list named it: it proves nothing. */
  readonly isUnlisted: boolean;
}

/** @throws StoreError */
export async function checkChain(store: LedgerStore, chained: Chained): Promise<ChainCheck> {
  const { run, stored, record, chain } = chained;
  const isUnfinished = record === null || record.result === 'failed' || record.certificate === null;
  if (stored === null) return { findings: await missing(store, chained), isUnlisted: false };
  const { sha256, certificate } = stored;
  const sentences: string[] = [];
  if (!isUnfinished && record.certificate !== sha256) {
    const what = record.certificate === undefined ? 'no certificate' : 'another certificate';
    sentences.push(`The record of run ${run} names ${what}.`);
  }
  const place = await placeInChain(store, run, chain);
  if (typeof place === 'string') sentences.push(place);
  if (place === null) {
    const follower = await followerOf(store, run, chain);
    if (follower === null && isUnfinished) return { findings: [], isUnlisted: true };
    sentences.push(`The ledger's list of certificates does not name that of run ${run}.`);
  }
  const found = typeof place === 'string' ? null : place;
  if (found !== null && found.sha256 !== sha256) {
    sentences.push(`The ledger's list of certificates names another one for run ${run}.`);
  }
  if (certificate === null) {
    sentences.push(`The certificate of run ${run} can't be read: it is not what the steward wrote.`);
  } else {
    if (certificate.head.run !== run) {
      sentences.push(`The certificate of run ${run} is that of run ${certificate.head.run}.`);
    }
    if (found !== null)
      sentences.push(...(await checkNeighbours(store, { run, sha256 }, certificate.head.previous, found)));
  }
  return { findings: sentences.map(finding), isUnlisted: false };
}

async function missing(store: LedgerStore, { run, record, hasActed, chain }: Chained): Promise<readonly Finding[]> {
  const links = chain?.chain ?? [];
  const isListed = links.some((link) => link.run === run);
  const follower = isListed ? null : await followerOf(store, run, chain);
  const who = isListed
    ? "the ledger's list of certificates"
    : typeof record?.certificate === 'string'
      ? `the record of run ${run}`
      : follower !== null
        ? `that of run ${follower}`
        : null;
  if (who !== null) return [finding(`The certificate of run ${run} is gone, and ${who} names it.`)];
  const isDue = hasActed && record !== null && record.result !== 'failed' && record.certificate === undefined;
  const earlier = links.find((link) => link.run < run);
  return isDue && earlier !== undefined
    ? [
        finding(
          `Run ${run} has no certificate, though run ${earlier.run} before it has one: it was taken away, or an older version of the steward made the run.`,
        ),
      ]
    : [];
}

/** Of a run that the list leaves out: the next one on the list, where its certificate follows that of the run. */
async function followerOf(store: LedgerStore, run: string, chain: Chain | null): Promise<string | null> {
  const next = chain?.chain.find((link) => link.run > run);
  if (next === undefined) return null;
  const stored = await readCertificate(store, next.run);
  return stored?.certificate?.head.previous?.run === run ? next.run : null;
}

async function checkNeighbours(
  store: LedgerStore,
  own: Link,
  previous: Link | null,
  place: ChainPlace,
): Promise<readonly string[]> {
  const { run } = own;
  const sentences: string[] = [];
  // The list no longer names the ones before its first, which the certificates themselves name.
  const before = place.before ?? (place.isFirst ? null : previous);
  if (place.before !== null && !isSame(previous, place.before)) {
    sentences.push(
      `The certificate of run ${run} does not follow that of run ${place.before.run}, which the list puts before it.`,
    );
  } else if (place.isFirst && previous !== null) {
    sentences.push(`The certificate of run ${run} follows that of run ${previous.run}, which the list leaves out.`);
  } else if (before === null && !place.isFirst) {
    sentences.push(`The certificate of run ${run} follows none, though the list counts others before it.`);
  }
  if (before !== null) sentences.push(...(await checkBefore(store, run, before)));
  if (place.after !== null) sentences.push(...(await checkAfter(store, own, place.after)));
  return sentences;
}

async function checkBefore(store: LedgerStore, run: string, before: Link): Promise<readonly string[]> {
  const stored = await readCertificate(store, before.run);
  if (stored?.sha256 === before.sha256) return [];
  const what = stored === null ? 'is gone' : 'has changed';
  return [`The certificate of run ${before.run}, which comes before that of run ${run}, ${what}.`];
}

async function checkAfter(store: LedgerStore, own: Link, after: Link): Promise<readonly string[]> {
  const stored = await readCertificate(store, after.run);
  if (stored === null)
    return [`The certificate of run ${after.run}, which comes after that of run ${own.run}, is gone.`];
  if (stored.sha256 !== after.sha256) {
    return [`The certificate of run ${after.run}, which comes after that of run ${own.run}, has changed.`];
  }
  return isSame(stored.certificate?.head.previous ?? null, own)
    ? []
    : [`The certificate of run ${after.run} follows another certificate than the one that run ${own.run} has now.`];
}

function isSame(link: Link | null, other: Link): boolean {
  return link?.run === other.run && link.sha256 === other.sha256;
}

function finding(sentence: string): Finding {
  return { rule: 'chain', url: null, sentence };
}
