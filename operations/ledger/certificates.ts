import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip, gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
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

const headSchema = z.object({
  format: z.literal(1),
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
  /** The files of the audit log. */
  log: z.array(partSchema),
  names: z.object({
    /** How many names are needed. */
    count: z.int(),
    /** So many first bits divide the hashes into groups; a group into which a deleted name falls is listed whole. */
    groupBits: z.int().min(0).max(64),
  }),
});
/** The first line of a certificate. */
export type CertificateHead = z.output<typeof headSchema>;

const rootLine = z.object({
  line: z.literal('root'),
  url: z.string(),
  etag: z.string(),
  completed: time,
  state: z.enum(['read', 'unreadable', 'vanished']),
  /** What the checkpoint properties say; null where they were not read. */
  kind: z.string().nullable(),
  /** SHA-256 of its content; null where it was not read to its end, and under another name than `_metadata`. */
  sha256: z.string().nullable(),
  /** It appeared after the objects were judged. */
  late: z.boolean(),
  writtenOff: z.boolean(),
});
/** A root that the run read or tried to read. */
export type CertifiedRoot = z.output<typeof rootLine>;

const jobLine = z.object({
  line: z.literal('job'),
  /** The job id, or the URL of the directory where no path tells it. */
  id: z.string(),
  /** Milliseconds that a checkpoint of it may take. */
  timeout: z.number(),
  /** Of its youngest file; null where it has none. */
  lastWrite: time.nullable(),
  /** When it was declared dead; null where it was not, or the declaration has lapsed. */
  declaredDead: time.nullable(),
  /** Whether a cluster says that it runs. */
  running: z.boolean(),
  /** Whether one of them has completed no checkpoint yet. */
  starting: z.boolean(),
  /** Checkpoints that a cluster says are in progress; `*` for all. */
  inProgress: z.array(z.string()),
  /** Whether the times of its checkpoints can't be trusted. */
  timesDistrusted: z.boolean(),
  /** Whether nothing shows that the id in the path is a job's. */
  foreign: z.boolean(),
  /** Its directories without any checkpoint where others have some, by URL, with the last write; null where nothing is left. */
  rootless: z.record(z.string(), time.nullable()),
});
/** What the run knew of a job of which it deleted files. */
export type CertifiedJob = z.output<typeof jobLine>;

/** The copy of a retired root in the ledger. */
const COPY = /^retired\/[\w-]+\/\d+\.metadata$/;

const exceptionLine = z.discriminatedUnion('why', [
  /** A file of `taskowned/` that a root had referenced before. */
  z.object({ line: z.literal('exception'), url: z.string(), why: z.literal('named-before') }),
  /** A file that a retired savepoint referenced in its own directory; the ledger has a copy of its root. */
  z.object({
    line: z.literal('exception'),
    url: z.string(),
    why: z.literal('retired-savepoint'),
    copy: z.string().regex(COPY),
  }),
  /** A needed file elsewhere has its name, which Flink copied from it. */
  z.object({
    line: z.literal('exception'),
    url: z.string(),
    why: z.literal('duplicate'),
    of: z.object({ url: z.string(), bytes: z.number(), modified: time }),
  }),
]);
/** Why an object was deleted that a simple rule would keep. */
export type CertifiedException = z.output<typeof exceptionLine>;

/** Hashes of names in ascending order, eight bytes each, in base64. */
const namesLine = z.object({ line: z.literal('names'), hashes: z.base64() });

const lineSchema = z.union([rootLine, jobLine, exceptionLine, namesLine]);

/** What the deletions of a run rest on. */
export interface Certificate {
  readonly head: CertificateHead;
  readonly roots: readonly CertifiedRoot[];
  readonly jobs: readonly CertifiedJob[];
  readonly exceptions: readonly CertifiedException[];
  /** {@link nameHash} of the names of all files that roots need, ascending, each once. */
  readonly names: BigUint64Array;
}

/** Hashes in one line. */
const NAMES_IN_LINE = 6_000;

/** Stands for the last part of a path: the first eight bytes of its SHA-256. */
export function nameHash(name: string): bigint {
  // The way over text is the fastest, and a large area has millions of names.
  return BigInt(`0x${hash('sha256', name, 'hex').slice(0, 16)}`);
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

/**
 * Writes a certificate, then adds it to the list. To be called by who holds the lease.
 *
 * @returns its SHA-256.
 * @throws StoreError, LedgerError where another process has added one meanwhile.
 */
export async function writeCertificate(
  store: LedgerStore,
  certificate: Omit<Certificate, 'head'> & { readonly head: Omit<CertificateHead, 'format' | 'previous'> },
): Promise<string> {
  const { run } = certificate.head;
  const known = await chainOf(store).read();
  const { before, chain } = known?.value ?? { before: 0, chain: [] };
  const head = { format: 1, previous: chain.at(-1) ?? null, ...certificate.head } as const;
  // Line by line: uncompressed, the names of a large area take more memory than there may be.
  const content = await buffer(Readable.from(linesOf({ ...certificate, head })).pipe(createGzip()));
  const sha256 = checksum(content);
  await store.writeFile(certificatePath(run), content);
  const longer = [...chain, { run, sha256 }];
  const dropped = Math.max(0, longer.length - MOST_LISTED);
  const next = { before: before + dropped, chain: longer.slice(dropped) };
  if (!(await chainOf(store).write(next, known?.tag ?? null))) {
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
    const [first = '', ...rest] = gunzipSync(content).toString('utf8').trimEnd().split('\n');
    const lines = rest.map((line) => lineSchema.parse(JSON.parse(line)));
    return {
      head: headSchema.parse(JSON.parse(first)),
      roots: lines.filter((line) => line.line === 'root'),
      jobs: lines.filter((line) => line.line === 'job'),
      exceptions: lines.filter((line) => line.line === 'exception'),
      names: hashesOf(lines.flatMap((line) => (line.line === 'names' ? [Buffer.from(line.hashes, 'base64')] : []))),
    };
  } catch {
    return null;
  }
}

function hashesOf(parts: readonly Buffer[]): BigUint64Array {
  const bytes = Buffer.concat(parts);
  const hashes = new BigUint64Array(Math.floor(bytes.length / 8));
  for (let at = 0; at < hashes.length; at++) hashes[at] = bytes.readBigUInt64BE(at * 8);
  return hashes;
}

function* linesOf({ head, roots, jobs, exceptions, names }: Certificate): Generator<Buffer> {
  for (const line of [head, ...roots, ...jobs, ...exceptions]) yield Buffer.from(`${JSON.stringify(line)}\n`);
  for (let from = 0; from < names.length; from += NAMES_IN_LINE) {
    const part = names.subarray(from, from + NAMES_IN_LINE);
    const bytes = Buffer.alloc(part.length * 8);
    for (const [at, hash] of part.entries()) bytes.writeBigUInt64BE(hash, at * 8);
    yield Buffer.from(`${JSON.stringify({ line: 'names', hashes: bytes.toString('base64') })}\n`);
  }
}

function chainOf(store: LedgerStore): JsonDocument<Chain> {
  return new JsonDocument(store, 'certificates', chainSchema);
}
