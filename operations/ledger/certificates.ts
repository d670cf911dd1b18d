import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { type CertifiedLines, compressedLines, parsedLines } from './certificate-lines.ts';
import { JsonDocument } from './json-document.ts';
import { LedgerError } from './ledger-error.ts';
import { checksum, partSchema } from './line-parts.ts';

/**
 * The certificate of a run: what its deletions rest on, in one compressed file of lines. Its SHA-256 is in the record of the
 * run, in the ledger's list of certificates, and in the certificate of the next run, so that it can't be changed alone.
 */

const time = z.iso.datetime();

const linkSchema = z.object({ run: z.string(), sha256: z.string() });
/** A certificate, by its run and its hash. */
export type Link = z.output<typeof linkSchema>;

/** A part of a certificate: a file of its own, by its hash. */
const certificatePartSchema = z.object({
  file: z.string(),
  sha256: z.string(),
  /** What it tells of, such as `roots-3`, `shards 4 to 9` or `retired`. */
  covers: z.string(),
});
/** A part of the certificate of a run in shards. */
export type CertificatePart = z.output<typeof certificatePartSchema>;

const headSchema = z.object({
  /** 2 where it has parts. */
  format: z.union([z.literal(1), z.literal(2)]),
  run: z.string(),
  /** The certificate before this one in the same ledger; null for the first. */
  previous: linkSchema.nullable(),
  /** The frozen start of the run by the store's clock: ages are measured from it. */
  start: time,
  /** Locations of the area. */
  area: z.array(z.string()),
  /** As in `collect` of `steward.json`; durations in milliseconds. */
  settings: z.object({
    minAge: z.number(),
    quarantine: z.number(),
    checkpointTimeout: z.number(),
    deadAfter: z.number(),
    abandonedAfter: z.number(),
    taskowned: z.boolean(),
    taskownedMinAge: z.number(),
    failedSavepoints: z.boolean(),
  }),
  protect: z.array(z.string()),
  /** URLs of the pinned roots. */
  pins: z.array(z.string()),
  /** Why the area could not be decided, in sentences; empty where anything was deleted. */
  undecidable: z.array(z.string()),
  /** The files of the audit log; those of a run in shards are named by the parts. */
  log: z.array(partSchema),
  names: z.object({
    /** How many names are needed. */
    count: z.int(),
    /** So many first bits divide the hashes into groups; a group into which a deleted name falls is listed whole. */
    groupBits: z.int().min(0).max(64),
  }),
  /** Where a run in shards has the lines that others have in this file. */
  parts: z
    .object({
      roots: z.array(certificatePartSchema),
      /** Each has some files of the log, and the jobs, exceptions and names for what these deleted. */
      deletions: z.array(certificatePartSchema),
    })
    .optional(),
});
/** The first line of a certificate. */
export type CertificateHead = z.output<typeof headSchema>;

/** What the deletions of a run rest on. Of a run in shards the lines are in parts, and here are none. */
export interface Certificate extends Omit<CertifiedLines, 'log'> {
  readonly head: CertificateHead;
}

/** The file in the ledger. */
export function certificatePath(run: string): string {
  return `runs/${run}/certificate.ndjson.gz`;
}

const chainSchema = z.object({
  /** How many certificates were written before the first one listed here. */
  before: z.int(),
  /** The oldest first. */
  chain: z.array(linkSchema),
});
/** The newest certificates of a ledger, in their order. */
export type Chain = z.output<typeof chainSchema>;

/** So many are listed; older ones are reached from certificate to certificate. */
const MOST_LISTED = 1_000;

/** The list of certificates; null where there is none. @throws StoreError, LedgerError */
export async function readChain(store: LedgerStore): Promise<Chain | null> {
  return (await chainOf(store).read())?.value ?? null;
}

/** A certificate that is to be written. */
export type NewCertificate = Omit<Certificate, 'head'> & {
  readonly head: Omit<CertificateHead, 'format' | 'previous'>;
};

/**
 * Writes a certificate, then adds it to the list. To be called by who holds the lease. One that is on the list is not written
 * again: an attempt before has done so.
 *
 * @returns its SHA-256.
 * @throws StoreError, LedgerError where another process has added one meanwhile.
 */
export async function writeCertificate(store: LedgerStore, { head, ...lines }: NewCertificate): Promise<string> {
  const { run } = head;
  const known = await chainOf(store).read();
  const { before, chain } = known?.value ?? { before: 0, chain: [] };
  const written = chain.findLast((link) => link.run === run);
  if (written !== undefined) return written.sha256;
  const first = { format: head.parts === undefined ? 1 : 2, previous: chain.at(-1) ?? null, ...head };
  const content = await compressedLines([first], { ...lines, log: [] });
  const sha256 = checksum(content);
  await store.writeFile(certificatePath(run), content);
  const longer = [...chain, { run, sha256 }];
  const dropped = Math.max(0, longer.length - MOST_LISTED);
  const next = { before: before + dropped, chain: longer.slice(dropped) };
  if (!(await chainOf(store).write(next, known?.tag ?? null))) {
    // Another attempt at the end of the same run may have been faster.
    const listed = (await readChain(store))?.chain.findLast((link) => link.run === run);
    if (listed?.sha256 === sha256) return sha256;
    throw new LedgerError(
      `The list of certificates in the ledger ${store.name} was changed by another process while run ${run} wrote its own, so that one is not in it.`,
    );
  }
  return sha256;
}

/** A certificate as it lies in the ledger, with the hash of what lies there; null where there is none. */
export interface StoredCertificate {
  readonly sha256: string;
  /** Null where it is no certificate. */
  readonly certificate: Certificate | null;
}

/** @throws StoreError */
export async function readCertificate(store: LedgerStore, run: string): Promise<StoredCertificate | null> {
  const chunks = await store.readFile(certificatePath(run));
  if (chunks === null) return null;
  const content = await buffer(chunks);
  return { sha256: checksum(content), certificate: parsed(content) };
}

function parsed(content: Uint8Array): Certificate | null {
  try {
    const { first, lines } = parsedLines(content, 1);
    const { log: _, ...others } = lines;
    return { head: headSchema.parse(first[0]), ...others };
  } catch {
    return null;
  }
}

function chainOf(store: LedgerStore): JsonDocument<Chain> {
  return new JsonDocument(store, 'certificates', chainSchema);
}
