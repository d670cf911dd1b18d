import type { Certificate, Chain, StoredCertificate } from '#operations/ledger/certificates.ts';
import { readCertificate } from '#operations/ledger/certificates.ts';
import { type RunRecord, readRun } from '#operations/ledger/run-records.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { CertifiedGrounds } from './certified-grounds.ts';
import { checkChain } from './check-chain.ts';
import { checkRetired, checkRetiredSavepoints } from './check-retired.ts';
import type { Finding } from './finding.ts';
import { judgeDeletion, type Protects } from './judge-deletion.ts';
import { pathFacts } from './path-facts.ts';
import { type OpenRoot, type RootCounts, readRootsAgain } from './read-roots-again.ts';
import { type RunLog, readRunLog } from './run-log.ts';

/**
 * A second judge of runs. It knows what a run has left in the ledger, and the roots as far as they are still there, and derives
 * again that each deletion was allowed. It is simple on purpose, and shares nothing with `core/collect` but the reader of
 * `_metadata`.
 */

export type { Finding } from './finding.ts';

/** What became of the proof. */
export type RunProof = 'proven' | 'not-proven' | 'no-certificate';

/** What the judge says of a run. */
export interface VerifiedRun {
  readonly run: string;
  readonly proof: RunProof;
  /** Why there is no certificate, in a sentence; null where there is one. */
  readonly why: string | null;
  /** How many objects and roots the run set out to delete. */
  readonly deletions: number;
  /** Null where no root was read again. */
  readonly roots: RootCounts | null;
  /** SHA-256 of the certificate as it lies there. */
  readonly certificate: string | null;
  readonly findings: readonly Finding[];
}

/** What it takes to verify a run. */
export interface VerifyInput {
  readonly ledger: LedgerStore;
  readonly run: string;
  readonly chain: Chain | null;
  /** Makes a test of URLs of patterns as they stand in `protect`. */
  readonly protectedBy: (patterns: readonly string[]) => Protects;
  /** Null where the roots are not to be read again. */
  readonly open: OpenRoot | null;
}

const LOG_ALONE = 'What its log says of each object was looked at, and nothing else is known.';

/** @throws StoreError where the ledger can't be read. */
export async function verifyRun({ ledger, run, chain, protectedBy, open }: VerifyInput): Promise<VerifiedRun> {
  const record = await readRun(ledger, run);
  const stored = await readCertificate(ledger, run);
  const log = await readRunLog(ledger, run);
  const hasActed = log.lines.length > 0;
  const { findings: chained, isUnlisted } = await checkChain(ledger, { run, stored, record, hasActed, chain });
  const told = { run, deletions: log.lines.length, certificate: stored?.sha256 ?? null };
  const certificate = isUnlisted ? null : (stored?.certificate ?? null);
  if (certificate === null) {
    const findings = [...chained, ...damagedLog(log), ...withoutCertificate(log)];
    const proof = findings.length > 0 ? 'not-proven' : 'no-certificate';
    return { ...told, proof, why: whyNone(run, record, log, { stored, isUnlisted }), roots: null, findings };
  }
  const grounds = new CertifiedGrounds(certificate);
  const protects = protectedBy(certificate.head.protect);
  const again = open === null ? null : await readRootsAgain(grounds, log.lines, open);
  const findings = [
    ...chained,
    ...damagedLog(log),
    ...checkLog(certificate, log),
    ...checkRecord(record, log),
    ...checkDecidable(certificate),
    ...judged(log, grounds, protects),
    ...(await checkRetired(ledger, run, grounds, log)),
    ...(await checkRetiredSavepoints(ledger, certificate)),
    ...(again?.findings ?? []),
  ];
  const proof = findings.length > 0 ? 'not-proven' : 'proven';
  return { ...told, proof, why: null, roots: again?.counts ?? null, findings };
}

function whyNone(
  run: string,
  record: RunRecord | null,
  { lines }: RunLog,
  { stored, isUnlisted }: { readonly stored: StoredCertificate | null; readonly isUnlisted: boolean },
): string | null {
  if (isUnlisted) {
    return `The certificate of run ${run} does not count: the run could not add it to the ledger's list. ${LOG_ALONE}`;
  }
  if (stored !== null) return null;
  if (lines.length === 0) return `Run ${run} deleted nothing, so it needs no certificate.`;
  if (record === null || record.result === 'failed')
    return `Run ${run} ended before it wrote a certificate. ${LOG_ALONE}`;
  return record.certificate === null
    ? `Run ${run} has no certificate: it was made in shards, or the ledger could not be written.`
    : `Run ${run} has no certificate: a version of the steward made it that wrote none.`;
}

function damagedLog({ damaged }: RunLog): readonly Finding[] {
  return damaged.map((file) => log(`${file} can't be read.`));
}

/** What shows without a certificate. */
function withoutCertificate({ lines }: RunLog): readonly Finding[] {
  return lines.flatMap(({ url, rule, garbageSince }) => {
    const { name } = pathFacts(url);
    if (rule === 'retired' ? name !== '_metadata' : name === '_metadata') {
      return [{ rule: 'root', url, sentence: `${url} was deleted as ${rule}.` }];
    }
    return rule !== 'retired' && garbageSince === null
      ? [
          {
            rule: 'quarantine',
            url,
            sentence: `${url} was deleted, and the log does not say since when it was garbage.`,
          },
        ]
      : [];
  });
}

function checkLog({ head }: Certificate, { files }: RunLog): readonly Finding[] {
  const there = new Map(files.map(({ file, sha256 }) => [file, sha256]));
  const certified = new Set(head.log.map(({ file }) => file));
  const changed = head.log.filter(({ file, sha256 }) => there.get(file) !== sha256);
  return [
    ...changed.map(({ file }) => log(`${file} ${there.has(file) ? 'has changed since the run' : 'is gone'}.`)),
    ...files.filter(({ file }) => !certified.has(file)).map(({ file }) => log(`${file} was added after the run.`)),
  ];
}

function checkRecord(record: RunRecord | null, { deleted }: RunLog): readonly Finding[] {
  // A run that failed says nothing of what it did up to there.
  if (record === null || record.result === 'failed' || record.deleted.objects === deleted) return [];
  const sentence = `The record of the run counts ${record.deleted.objects} deleted objects, and its log ${deleted}.`;
  return [{ rule: 'record', url: null, sentence }];
}

/** An unreadable root that appeared while the run deleted has stopped it, and speaks against nothing before. */
function checkDecidable({ head, roots }: Certificate): readonly Finding[] {
  const unreadable = roots.filter(({ url, state, writtenOff, late }) => {
    return state === 'unreadable' && url.endsWith('/_metadata') && !writtenOff && !late;
  });
  return [
    ...head.undecidable.map((sentence) => ({ rule: 'undecidable-area', url: null, sentence })),
    ...unreadable.map(({ url }) => ({ rule: 'unreadable-root', url, sentence: `${url} could not be read.` })),
  ];
}

function judged({ lines }: RunLog, grounds: CertifiedGrounds, protects: Protects): readonly Finding[] {
  return lines.flatMap((line) => {
    const broken = line.rule === 'retired' ? null : judgeDeletion(line, grounds, protects);
    return broken === null
      ? []
      : [{ rule: broken.rule, url: line.url, sentence: `${line.url} was deleted, but ${broken.why}.` }];
  });
}

function log(sentence: string): Finding {
  return { rule: 'log', url: null, sentence };
}
