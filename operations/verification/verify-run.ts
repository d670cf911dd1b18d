import { type Certificate, type Chain, readCertificate } from '#operations/ledger/certificates.ts';
import { readRun } from '#operations/ledger/run-records.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { CertifiedGrounds } from './certified-grounds.ts';
import { checkChain } from './check-chain.ts';
import { checkRecord } from './check-record.ts';
import { checkRetired, checkRetiredSavepoints } from './check-retired.ts';
import type { Finding } from './finding.ts';
import { judgeDeletion, type Protects } from './judge-deletion.ts';
import { type OpenRoot, type RootCounts, readRootsAgain } from './read-roots-again.ts';
import { type RunLog, readRunLog } from './run-log.ts';
import { whyNone, withoutCertificate } from './without-certificate.ts';

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
  /** What else limits the proof, in sentences. */
  readonly notes: readonly string[];
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
  readonly signal?: AbortSignal | undefined;
}

/** @throws StoreError where the ledger can't be read, and the reason of the signal where that aborts. */
export async function verifyRun(input: VerifyInput): Promise<VerifiedRun> {
  const { ledger, run, chain } = input;
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
    const why = whyNone(run, record, log, { stored, isUnlisted });
    return { ...told, proof, why, notes: [], roots: null, findings };
  }
  const recorded = checkRecord(run, record, log);
  const judged = await judgeByCertificate(input, certificate, log);
  const findings = [
    ...chained,
    ...damagedLog(log),
    ...checkLog(certificate, log),
    ...recorded.findings,
    ...judged.findings,
  ];
  const proof = findings.length > 0 ? 'not-proven' : 'proven';
  const notes = [...recorded.notes, ...notesOnRoots(judged.roots)];
  return { ...told, proof, why: null, notes, roots: judged.roots, findings };
}

async function judgeByCertificate(
  { ledger, run, protectedBy, open, signal }: VerifyInput,
  certificate: Certificate,
  log: RunLog,
): Promise<Pick<VerifiedRun, 'findings' | 'roots'>> {
  const grounds = new CertifiedGrounds(certificate);
  const { protects, findings } = protectionOf(certificate, protectedBy);
  const again = open === null ? null : await readRootsAgain(grounds, log.lines, open, signal);
  return {
    findings: [
      ...findings,
      ...checkDecidable(certificate),
      ...judged(log, grounds, protects),
      ...(await checkRetired(ledger, run, grounds, log, protects)),
      ...(await checkRetiredSavepoints(ledger, certificate)),
      ...(again?.findings ?? []),
    ],
    roots: again?.counts ?? null,
  };
}

/** A configuration with patterns that can't be read would not have let the run begin. */
function protectionOf(
  { head }: Certificate,
  protectedBy: VerifyInput['protectedBy'],
): { readonly protects: Protects; readonly findings: readonly Finding[] } {
  try {
    return { protects: protectedBy(head.protect), findings: [] };
  } catch (error) {
    const sentence = `The patterns of "protect" in the certificate of run ${head.run} can't be read: ${(error as Error).message}`;
    return { protects: () => false, findings: [{ rule: 'certificate', url: null, sentence }] };
  }
}

function notesOnRoots(roots: RootCounts | null): readonly string[] {
  if (roots === null || roots.unread === 0) return [];
  return roots.readAgain === 0
    ? ['No checkpoint or savepoint could be read again, so the run is judged by the ledger alone.']
    : ['Those that could not be read again are judged by the ledger alone.'];
}

function damagedLog({ damaged }: RunLog): readonly Finding[] {
  return damaged.map((file) => log(`${file} can't be read.`));
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
