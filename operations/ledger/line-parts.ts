import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';

/**
 * Long lists in the ledger: lines of JSON, compressed, in parts of bounded size, so that millions of lines pass
 * through little memory in both directions. Whoever names such a list names each part with its checksum: a part that
 * another run has overwritten, or that is half there, is never taken for what was written.
 */

/** One file of a list, with the SHA-256 of its content, and which objects it tells of where that is known. */
export const partSchema = z.object({
  file: z.string(),
  sha256: z.string(),
  covers: z
    .object({
      store: z.string(),
      /** Keys of the first object and of the last one, whose lines are in the order of keys. */
      first: z.string(),
      last: z.string(),
      /** The directory that lies before the next part's first line. */
      end: z.object({ store: z.string(), path: z.string() }),
    })
    .optional(),
});
/** One file of a list. */
export type Part = z.output<typeof partSchema>;

/** Where such lists are kept. */
export type FileStore = Pick<LedgerStore, 'name' | 'readFile' | 'writeFile'>;

/** Characters of JSON in one part; some tenth of it when compressed. */
const PART_SIZE = 4_000_000;

/** A list is not what was written. What it held is lost, which costs time and no safety. */
export class LostPartError extends Error {
  override readonly name = 'LostPartError';
}

/** Sees the lines of a list pass, and tells at the end of each part which objects they are of. */
export interface PartTrace {
  note(line: unknown): void;
  take(): Part['covers'];
}

/**
 * @param prefix of the parts' paths: `candidates/2-`.
 * @param level of compression, 1 to 9: what is read once and soon is compressed quickly. @default gzip's own
 * @param trace what each part covers. @default nobody knows
 */
export async function writeLines(
  store: FileStore,
  prefix: string,
  lines: Iterable<unknown>,
  level?: number,
  trace?: PartTrace,
): Promise<Part[]> {
  const parts: Part[] = [];
  let text: string[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const content = gzipSync(text.join(''), level === undefined ? {} : { level });
    const file = `${prefix}${String(parts.length + 1).padStart(5, '0')}.ndjson.gz`;
    text = [];
    size = 0;
    await store.writeFile(file, content);
    const covers = trace?.take();
    parts.push({ file, sha256: checksum(content), ...(covers === undefined ? {} : { covers }) });
  };
  for (const line of lines) {
    const json = `${JSON.stringify(line)}\n`;
    trace?.note(line);
    text.push(json);
    size += json.length;
    if (size >= PART_SIZE) {
      await flush();
    }
  }
  if (size > 0) {
    await flush();
  }
  return parts;
}

/**
 * @throws LostPartError where a part is missing or another one, before any of its lines was given.
 * @throws StoreError
 */
export async function* readLines(store: FileStore, parts: readonly Part[]): AsyncGenerator<unknown, void, undefined> {
  for (const { file, sha256 } of parts) {
    const chunks = await store.readFile(file);
    const content = chunks === null ? null : await buffer(chunks);
    if (content === null || checksum(content) !== sha256) {
      throw new LostPartError(
        `${file} of the ledger ${store.name} ${content === null ? 'is missing' : 'is not what was written'}.`,
      );
    }
    yield* parseLines(content);
  }
}

/** The lines of one compressed part. */
export function* parseLines(content: Uint8Array): Generator<unknown, void, undefined> {
  const text = gunzipSync(content).toString('utf8');
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const line: unknown = JSON.parse(text.slice(from, end));
    yield line;
    from = end + 1;
  }
}

/** The SHA-256 of a content, as {@link Part} has it. */
export function checksum(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
