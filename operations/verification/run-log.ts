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

/** The log of one run, file by file. */
export interface RunLog {
  readonly lines: readonly LogLine[];
  /** What the log says was deleted, without the roots that were retired. */
  readonly deleted: { readonly objects: number; readonly bytes: number };
  /** How many roots it says were retired. */
  readonly retired: number;
  /** The files that are there. */
  readonly files: readonly Part[];
  /** Files that can't be read. */
  readonly damaged: readonly string[];
}

/** @throws StoreError */
export async function readRunLog(store: LedgerStore, run: string): Promise<RunLog> {
  const lines: LogLine[] = [];
  const files: Part[] = [];
  const damaged: string[] = [];
  const outcomes = new Map<string, string>();
  for await (const file of store.listFiles(`runs/${run}/`)) {
    const kind = LOG_FILE.exec(file)?.[1];
    const chunks = kind === undefined ? null : await store.readFile(file);
    if (chunks === null) continue;
    const content = await buffer(chunks);
    files.push({ file, sha256: checksum(content) });
    try {
      for (const text of gunzipSync(content).toString('utf8').trimEnd().split('\n')) {
        const line: unknown = JSON.parse(text);
        if (kind === 'planned') lines.push(lineSchema.parse(line));
        else noteOutcome(outcomes, outcomeSchema.parse(line));
      }
    } catch {
      damaged.push(file);
    }
  }
  return { lines, ...countsOf(lines, outcomes), files, damaged };
}

function noteOutcome(outcomes: Map<string, string>, { url, outcome }: z.output<typeof outcomeSchema>): void {
  outcomes.set(url, outcome);
}

function countsOf(
  lines: readonly LogLine[],
  outcomes: ReadonlyMap<string, string>,
): Pick<RunLog, 'deleted' | 'retired'> {
  const retired = new Set<string>();
  const bytes = new Map<string, number>();
  for (const line of lines) {
    const outcome = outcomes.get(line.url);
    if (line.rule === 'retired' && (outcome === 'deleted' || outcome === 'gone')) retired.add(line.url);
    if (line.rule !== 'retired' && outcome === 'deleted') bytes.set(line.url, line.bytes);
  }
  const sum = [...bytes.values()].reduce((a, b) => a + b, 0);
  return { deleted: { objects: bytes.size, bytes: sum }, retired: retired.size };
}
