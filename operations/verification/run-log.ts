import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { checksum, type Part } from '#operations/ledger/line-parts.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** The audit log of a run, as the judge of runs reads it. */

const lineSchema = z.object({
  url: z.string(),
  bytes: z.number(),
  etag: z.string(),
  modified: z.iso.datetime(),
  rule: z.string(),
  garbageSince: z.iso.datetime().nullable(),
  garbageRuns: z.int().optional(),
});
/** An object that the run set out to delete. */
export type LogLine = z.output<typeof lineSchema>;

const outcomeSchema = z.object({ url: z.string(), outcome: z.string() });

const LOG_FILE = /\/(planned|done)-\d+\.ndjson\.gz$/;

/** Some files of the log of a run. */
export interface RunLog {
  readonly lines: readonly LogLine[];
  readonly counts: LogCounts;
  /** The files that are there. */
  readonly files: readonly Part[];
  /** Files that can't be read. */
  readonly damaged: readonly string[];
}

/** What a log says became of what was to go. Several attempts at an object count once. */
export interface LogCounts {
  /** Without the roots that were retired. */
  readonly objects: number;
  readonly bytes: number;
  /** How many roots were retired. */
  readonly retired: number;
  /** What an attempt that died may have deleted or retired as well. */
  readonly unsettled: Omit<LogCounts, 'unsettled'>;
}

/** The paths of the files of a log. @throws StoreError */
export async function logFilesOf(store: LedgerStore, run: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of store.listFiles(`runs/${run}/`)) if (LOG_FILE.test(file)) files.push(file);
  return files;
}

/** Whether a file of the log says what was about to go, not what became of it. */
export function isPlan(file: string): boolean {
  return LOG_FILE.exec(file)?.[1] === 'planned';
}

/** @param paths of {@link logFilesOf}; those that are not there are passed over. @throws StoreError */
export async function readLog(store: LedgerStore, paths: readonly string[]): Promise<RunLog> {
  const lines: LogLine[] = [];
  const files: Part[] = [];
  const damaged: string[] = [];
  const outcomes = new Outcomes();
  for (const file of paths) {
    const chunks = await store.readFile(file);
    if (chunks === null) continue;
    const content = await buffer(chunks);
    files.push({ file, sha256: checksum(content) });
    try {
      for (const text of gunzipSync(content).toString('utf8').trimEnd().split('\n')) {
        const line: unknown = JSON.parse(text);
        if (isPlan(file)) lines.push(lineSchema.parse(line));
        else outcomes.note(outcomeSchema.parse(line));
      }
    } catch {
      damaged.push(file);
    }
  }
  return { lines, counts: countsOf(lines, outcomes), files, damaged };
}

/** What became of each object, by all attempts at it: what one has deleted the next one finds gone. */
class Outcomes {
  readonly #deleted = new Set<string>();
  readonly #others = new Map<string, string>();

  note({ url, outcome }: z.output<typeof outcomeSchema>): void {
    if (outcome === 'deleted') this.#deleted.add(url);
    else this.#others.set(url, outcome);
  }

  of(url: string): string | null {
    return this.#deleted.has(url) ? 'deleted' : (this.#others.get(url) ?? null);
  }
}

function countsOf(lines: readonly LogLine[], outcomes: Outcomes): LogCounts {
  const counts = { objects: 0, bytes: 0, retired: 0 };
  const unsettled = { objects: 0, bytes: 0, retired: 0 };
  const left = new Set<string>();
  const tried = new Set<string>();
  for (const { url } of lines) (left.has(url) ? tried : left).add(url);
  for (const { url, rule, bytes } of lines) {
    if (!left.delete(url)) continue;
    const outcome = outcomes.of(url);
    const isRetired = rule === 'retired';
    const isCounted = outcome === 'deleted' || (isRetired && outcome === 'gone');
    // Of what was tried again the first attempt may have died before it could say that it had deleted it.
    const isOpen = outcome === null || (outcome !== 'changed' && tried.has(url));
    const into = isCounted ? counts : isOpen ? unsettled : null;
    if (into === null) continue;
    if (isRetired) {
      into.retired++;
    } else {
      into.objects++;
      into.bytes += bytes;
    }
  }
  return { ...counts, unsettled };
}
