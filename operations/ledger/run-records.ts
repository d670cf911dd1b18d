import { Buffer } from 'node:buffer';
import { text as readText } from 'node:stream/consumers';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';

/** What each run did, in one small file. */

const amount = z.object({ objects: z.number(), bytes: z.number() });

const runSchema = z.object({
  run: z.string(),
  /** `collect`, `apply`, `retire`, `undo`, `plan`. */
  command: z.string(),
  began: z.iso.datetime(),
  ended: z.iso.datetime(),
  area: z.array(z.string()),
  executed: z.boolean(),
  /** `stopped`: by a breaker, a pause, a lost lease or a signal; `failed`: by an error. */
  result: z.enum(['done', 'nothing-to-do', 'observed', 'stopped', 'undecidable', 'failed']),
  /** Why it stopped or failed. */
  why: z.string().nullable(),
  total: amount,
  live: amount,
  quarantined: amount,
  deletable: amount,
  deleted: amount,
  /** Objects that were to go and stayed: changed since, or refused by the store. */
  kept: z.number(),
  roots: z.number(),
  retired: z.number(),
  restored: z.number(),
  breakers: z.array(z.string()),
});
/** What one run found and did. */
export type RunRecord = z.output<typeof runSchema>;

/** The numbers of a run that did nothing. */
export const EMPTY_RUN = {
  total: { objects: 0, bytes: 0 },
  live: { objects: 0, bytes: 0 },
  quarantined: { objects: 0, bytes: 0 },
  deletable: { objects: 0, bytes: 0 },
  deleted: { objects: 0, bytes: 0 },
  kept: 0,
  roots: 0,
  retired: 0,
  restored: 0,
  breakers: [],
} satisfies Partial<RunRecord>;

const SUMMARY = /^runs\/([\w-]+)\/summary\.json$/;

/** Leaves the record of a run in the ledger. @throws StoreError */
export async function writeRun(store: LedgerStore, record: RunRecord): Promise<void> {
  await store.writeFile(`runs/${record.run}/summary.json`, Buffer.from(`${JSON.stringify(record, null, 1)}\n`));
}

/** The record of one run; null where there is none. @throws StoreError */
export async function readRun(store: LedgerStore, run: string): Promise<RunRecord | null> {
  const chunks = await store.readFile(`runs/${run}/summary.json`);
  return chunks === null ? null : runSchema.parse(JSON.parse(await readText(chunks)));
}

/** The newest runs first. @throws StoreError */
export async function newestRuns(store: LedgerStore, most: number): Promise<readonly RunRecord[]> {
  const runs: string[] = [];
  for await (const path of store.listFiles('runs/')) {
    const run = SUMMARY.exec(path)?.[1];
    if (run !== undefined) {
      runs.push(run);
    }
  }
  const records: RunRecord[] = [];
  for (const run of runs.reverse().slice(0, most)) {
    const record = await readRun(store, run);
    if (record !== null) {
      records.push(record);
    }
  }
  return records;
}

/**
 * A name for a run that sorts by time.
 *
 * @param now epoch milliseconds.
 * @param chance some letters or digits that no other run has.
 */
export function runName(now: number, chance: string): string {
  return `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${chance}`;
}
