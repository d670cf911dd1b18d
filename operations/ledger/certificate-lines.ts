import type { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip, gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { type Part, partSchema } from './line-parts.ts';
import { base64Hashes, hashesOf, linesOfHashes } from './name-hashes.ts';

/** The lines of which a certificate is made, and its parts. */

const time = z.iso.datetime();

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

/** A file of the audit log, where the first line of the certificate does not name it. */
const logLine = partSchema.extend({ line: z.literal('log') });

/** Hashes of names in ascending order, eight bytes each, in base64. */
const namesLine = z.object({ line: z.literal('names'), hashes: z.base64() });

const lineSchema = z.union([rootLine, jobLine, exceptionLine, logLine, namesLine]);

/** What lines of a certificate say. */
export interface CertifiedLines {
  readonly roots: readonly CertifiedRoot[];
  readonly jobs: readonly CertifiedJob[];
  readonly exceptions: readonly CertifiedException[];
  /** Files of the audit log. */
  readonly log: readonly Part[];
  /** Ascending, each once. */
  readonly names: BigUint64Array;
}

/** Of a part that says nothing of something. */
export const NO_LINES: CertifiedLines = { roots: [], jobs: [], exceptions: [], log: [], names: new BigUint64Array() };

/** Compressed, line by line: uncompressed, the names of a large area take more memory than there may be. */
export async function compressedLines(first: readonly unknown[], lines: CertifiedLines): Promise<Buffer> {
  return await buffer(Readable.from(linesOf(first, lines)).pipe(createGzip()));
}

function* linesOf(
  first: readonly unknown[],
  { roots, jobs, exceptions, log, names }: CertifiedLines,
): Generator<string> {
  const ofLog = log.map((part) => ({ line: 'log', ...part }));
  for (const line of [...first, ...ofLog, ...roots, ...jobs, ...exceptions]) yield `${JSON.stringify(line)}\n`;
  for (const hashes of linesOfHashes(names)) yield `${JSON.stringify({ line: 'names', hashes })}\n`;
}

/** The lines of such a content, of which the first ones are something else. @throws where they are not what was written */
export function parsedLines(
  content: Uint8Array,
  others: number,
): { readonly first: readonly unknown[]; readonly lines: CertifiedLines } {
  const text = gunzipSync(content).toString('utf8').trimEnd();
  const all = text === '' ? [] : text.split('\n').map((line): unknown => JSON.parse(line));
  const lines = all.slice(others).map((line) => lineSchema.parse(line));
  return {
    first: all.slice(0, others),
    lines: {
      roots: lines.filter((line) => line.line === 'root'),
      jobs: lines.filter((line) => line.line === 'job'),
      exceptions: lines.filter((line) => line.line === 'exception'),
      log: lines.flatMap((line) => (line.line === 'log' ? [{ file: line.file, sha256: line.sha256 }] : [])),
      names: hashesOf(lines.flatMap((line) => (line.line === 'names' ? [base64Hashes(line.hashes)] : []))),
    },
  };
}
