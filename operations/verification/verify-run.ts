import {
  type Certificate,
  type CertificateHead,
  type Chain,
  readCertificate,
} from '#operations/ledger/certificates.ts';
import { readRun } from '#operations/ledger/run-records.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { CertifiedLog } from './certified-log.ts';
import { CertifiedParts } from './certified-parts.ts';
import { checkChain } from './check-chain.ts';
import { checkRecord } from './check-record.ts';
import type { Finding } from './finding.ts';
import type { Protects } from './judge-deletion.ts';
import type { OpenRoot, RootCounts } from './read-roots-again.ts';
import { isPlan, logFilesOf, readLog } from './run-log.ts';
import {
  added,
  countRootsAgain,
  damagedLog,
  NOTHING_VERIFIED,
  type VerifiedDeletions,
  verifyDeletions,
} from './verify-deletions.ts';
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
  const files = await logFilesOf(ledger, run);
  const hasActed = files.some(isPlan);
  const { findings: chained, isUnlisted } = await checkChain(ledger, { run, stored, record, hasActed, chain });
  const told = { run, certificate: stored?.sha256 ?? null };
  const certificate = isUnlisted ? null : (stored?.certificate ?? null);
  if (certificate === null) {
    const { deletions, findings: ofLog } = await judgeByLog(ledger, files);
    const findings = [...chained, ...ofLog];
    const proof = findings.length > 0 ? 'not-proven' : 'no-certificate';
    const why = whyNone(run, record, { stored, isUnlisted, hasActed });
    return { ...told, deletions, proof, why, notes: [], roots: null, findings };
  }
  const judged = await judgeByCertificate(input, certificate, files);
  const recorded = checkRecord(run, record, judged.counts);
  const findings = [...chained, ...judged.ofLog, ...recorded.findings, ...judged.findings];
  const proof = findings.length > 0 ? 'not-proven' : 'proven';
  const notes = [...recorded.notes, ...notesOnRoots(judged.roots)];
  return { ...told, deletions: judged.deletions, proof, why: null, notes, roots: judged.roots, findings };
}

/** A file at a time: a run in shards may have deleted millions. */
async function judgeByLog(
  ledger: LedgerStore,
  files: readonly string[],
): Promise<Pick<VerifiedRun, 'deletions' | 'findings'>> {
  const findings: Finding[] = [];
  let deletions = 0;
  for (const file of files) {
    const log = await readLog(ledger, [file]);
    deletions += log.lines.length;
    findings.push(...damagedLog(log), ...withoutCertificate(log.lines));
  }
  return { deletions, findings };
}

async function judgeByCertificate(
  { ledger, run, protectedBy, open, signal }: VerifyInput,
  certificate: Certificate,
  files: readonly string[],
): Promise<VerifiedDeletions> {
  const { head } = certificate;
  const parts = new CertifiedParts(ledger, certificate);
  const protection = protectionOf(certificate, protectedBy);
  const verifying = { ledger, head, parts, protects: protection.protects, open, signal };
  const certified = new CertifiedLog(run);
  let sum = NOTHING_VERIFIED;
  for await (const deletions of parts.deletions()) {
    certified.add(deletions.log);
    sum = added(sum, await verifyDeletions(deletions, verifying));
  }
  const roots = sum.roots ?? (open === null ? null : await countRootsAgain(verifying, open));
  const undecidable = await checkDecidable(head, parts);
  return {
    ...sum,
    ofLog: [...sum.ofLog, ...certified.findings(files)],
    findings: [...protection.findings, ...parts.findings(), ...undecidable, ...sum.findings],
    roots,
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

/** An unreadable root that appeared while the run deleted has stopped it, and speaks against nothing before. */
async function checkDecidable(head: CertificateHead, parts: CertifiedParts): Promise<readonly Finding[]> {
  const findings = head.undecidable.map((sentence): Finding => ({ rule: 'undecidable-area', url: null, sentence }));
  for await (const { url, state, writtenOff, late } of parts.roots()) {
    if (state !== 'unreadable' || !url.endsWith('/_metadata') || writtenOff || late) continue;
    findings.push({ rule: 'unreadable-root', url, sentence: `${url} could not be read.` });
  }
  return findings;
}
