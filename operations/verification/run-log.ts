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
  /** How many objects the log says were deleted. */
  readonly deleted: number;
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
  const deleted = new Set<string>();
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
        else countDeleted(deleted, outcomeSchema.parse(line));
      }
    } catch {
      damaged.push(file);
    }
  }
  const retired = new Set(lines.filter(({ rule }) => rule === 'retired').map(({ url }) => url));
  return { lines, deleted: [...deleted].filter((url) => !retired.has(url)).length, files, damaged };
}

function countDeleted(deleted: Set<string>, { url, outcome }: z.output<typeof outcomeSchema>): void {
  if (outcome === 'deleted') deleted.add(url);
}
