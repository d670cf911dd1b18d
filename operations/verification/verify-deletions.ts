import type { CertifiedRoot } from '#operations/ledger/certificate-lines.ts';
import type { Certificate, CertificateHead } from '#operations/ledger/certificates.ts';
import type { Part } from '#operations/ledger/line-parts.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { CertifiedGrounds } from './certified-grounds.ts';
import type { CertifiedDeletions, CertifiedParts } from './certified-parts.ts';
import { checkRetired, checkRetiredSavepoints } from './check-retired.ts';
import type { Finding } from './finding.ts';
import { judgeDeletion, type Protects } from './judge-deletion.ts';
import { pathFacts } from './path-facts.ts';
import { type OpenRoot, type RootCounts, readRootsAgain } from './read-roots-again.ts';
import { type LogCounts, type LogLine, type RunLog, readLog } from './run-log.ts';

/** Judges the deletions of one part of a certificate. */

/** What it takes besides the deletions. */
export interface Verifying {
  readonly ledger: LedgerStore;
  readonly head: CertificateHead;
  readonly parts: CertifiedParts;
  readonly protects: Protects;
  /** Null where the roots are not to be read again. */
  readonly open: OpenRoot | null;
  readonly signal: AbortSignal | undefined;
}

/** What the judge says of some deletions. */
export interface VerifiedDeletions {
  /** How many lines their log has. */
  readonly deletions: number;
  readonly counts: LogCounts;
  readonly ofLog: readonly Finding[];
  readonly findings: readonly Finding[];
  /** Null where no root was read again. */
  readonly roots: RootCounts | null;
}

const NO_COUNTS = { objects: 0, bytes: 0, retired: 0 };
/** Of a certificate of which nothing was read yet. */
export const NOTHING_VERIFIED: VerifiedDeletions = {
  deletions: 0,
  counts: { ...NO_COUNTS, unsettled: NO_COUNTS },
  ofLog: [],
  findings: [],
  roots: null,
};

/** What the judge says of several parts. Of roots that were read again several times the fewest are told. */
export function added(one: VerifiedDeletions, other: VerifiedDeletions): VerifiedDeletions {
  return {
    deletions: one.deletions + other.deletions,
    counts: {
      ...sumOf(one.counts, other.counts),
      unsettled: sumOf(one.counts.unsettled, other.counts.unsettled),
    },
    ofLog: [...one.ofLog, ...other.ofLog],
    findings: [...one.findings, ...other.findings],
    roots:
      one.roots !== null && (other.roots?.readAgain ?? Number.POSITIVE_INFINITY) >= one.roots.readAgain
        ? one.roots
        : other.roots,
  };
}

function sumOf(one: Omit<LogCounts, 'unsettled'>, other: Omit<LogCounts, 'unsettled'>): Omit<LogCounts, 'unsettled'> {
  return {
    objects: one.objects + other.objects,
    bytes: one.bytes + other.bytes,
    retired: one.retired + other.retired,
  };
}

/** @throws StoreError where the ledger can't be read, and the reason of the signal where that aborts. */
export async function verifyDeletions(
  { log: certified, ...certifiedLines }: CertifiedDeletions,
  verifying: Verifying,
): Promise<VerifiedDeletions> {
  const { ledger, head, parts, protects, open, signal } = verifying;
  const log = await readLog(
    ledger,
    certified.map(({ file }) => file),
  );
  const { lines } = log;
  const certificate = { head, ...certifiedLines, roots: await rootsOfOwners(parts, lines) };
  const grounds = new CertifiedGrounds(certificate);
  const deletes = lines.some(({ rule }) => rule !== 'retired');
  const again =
    open === null || !deletes ? null : await readRootsAgain(parts.roots(), { grounds, lines, open, signal });
  return {
    deletions: lines.length,
    counts: log.counts,
    ofLog: [...damagedLog(log), ...changedLog(certified, log)],
    findings: [
      ...judged(lines, grounds, protects),
      ...(await checkRetired(ledger, head.run, grounds, lines, protects)),
      ...(await checkRetiredSavepoints(ledger, certificate)),
      ...(again?.findings ?? []),
    ],
    roots: again?.counts ?? null,
  };
}

/** How many roots are still what the run has read, where it deleted nothing that they could need. */
export async function countRootsAgain({ head, parts, signal }: Verifying, open: OpenRoot): Promise<RootCounts> {
  const certificate: Certificate = { head, roots: [], jobs: [], exceptions: [], names: new BigUint64Array() };
  const grounds = new CertifiedGrounds(certificate);
  return (await readRootsAgain(parts.roots(), { grounds, lines: [], open, signal })).counts;
}

/** Others say nothing of these deletions. */
async function rootsOfOwners(parts: CertifiedParts, lines: readonly LogLine[]): Promise<readonly CertifiedRoot[]> {
  const owners = new Set(lines.map(({ url }) => pathFacts(url).owner));
  const roots: CertifiedRoot[] = [];
  for await (const root of parts.roots()) if (owners.has(pathFacts(root.url).owner)) roots.push(root);
  return roots;
}

function judged(lines: readonly LogLine[], grounds: CertifiedGrounds, protects: Protects): readonly Finding[] {
  return lines.flatMap((line) => {
    const broken = line.rule === 'retired' ? null : judgeDeletion(line, grounds, protects);
    return broken === null
      ? []
      : [{ rule: broken.rule, url: line.url, sentence: `${line.url} was deleted, but ${broken.why}.` }];
  });
}

/** Files of the log that can't be read. */
export function damagedLog({ damaged }: Pick<RunLog, 'damaged'>): readonly Finding[] {
  return damaged.map((file) => logFinding(`${file} can't be read.`));
}

function changedLog(certified: readonly Part[], { files }: RunLog): readonly Finding[] {
  const there = new Map(files.map(({ file, sha256 }) => [file, sha256]));
  return certified
    .filter(({ file, sha256 }) => there.get(file) !== sha256)
    .map(({ file }) => logFinding(`${file} ${there.has(file) ? 'has changed since the run' : 'is gone'}.`));
}

/** Something that is wrong with the log. */
export function logFinding(sentence: string): Finding {
  return { rule: 'log', url: null, sentence };
}
