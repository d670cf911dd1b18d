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
  /** Id of the plan that it was to execute; absent where it had none, and in records of version 0.1.0. */
  plan: z.string().optional(),
  began: z.iso.datetime(),
  ended: z.iso.datetime(),
  area: z.array(z.string()),
  executed: z.boolean(),
  /**
   * `stopped`: by a breaker, a pause, a lost lease or a signal, because the store refused all, or because an undo could not
   * put back all; `failed`: by an error.
   */
  result: z.enum(['done', 'nothing-to-do', 'observed', 'stopped', 'undecidable', 'failed']),
  /** Why it stopped or failed, or why it did only a part. */
  why: z.string().nullable(),
  total: amount,
  live: amount,
  quarantined: amount,
  /** When the first object in quarantine may go; null where none is. Version 0.1.0 did not record it. */
  quarantineEnds: z.iso.datetime().nullable().optional(),
  deletable: amount,
  deleted: amount,
  /** Objects that were to go and stayed: changed since, or refused by the store. */
  kept: z.number(),
  /** Of these, the ones that the store refused to delete. Version 0.1.0 did not record it. */
  refused: z.number().default(0),
  roots: z.number(),
  retired: z.number(),
  restored: z.number(),
  breakers: z.array(z.string()),
  /**
   * SHA-256 of the certificate; null where one was due and there is none. Absent where none was due, and in records of
   * versions that wrote none.
   */
  certificate: z.string().nullable().optional(),
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
  refused: 0,
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

/**
 * The record of one run; null if there is none, or it is damaged. A summary tells people of a run, and nothing depends on
 * it: one that was half written when the power failed must not keep the others from being shown.
 *
 * @param onDamaged called with a sentence about a damaged one.
 * @throws StoreError
 */
export async function readRun(
  store: LedgerStore,
  run: string,
  onDamaged: (sentence: string) => void = () => {},
): Promise<RunRecord | null> {
  const path = `runs/${run}/summary.json`;
  const chunks = await store.readFile(path);
  if (chunks === null) {
    return null;
  }
  const text = await readText(chunks);
  try {
    return runSchema.parse(JSON.parse(text));
  } catch {
    onDamaged(
      `${path} of the ledger ${store.name} is damaged, so that run is left out. What it deleted is in its audit log: steward history --run ${run}`,
    );
    return null;
  }
}

/** Whether version 0.1.0 wrote the record of a run, which did not record refusals. @throws StoreError */
export async function isOfFirstVersion(store: LedgerStore, { run }: Pick<RunRecord, 'run'>): Promise<boolean> {
  const chunks = await store.readFile(`runs/${run}/summary.json`);
  if (chunks === null) return false;
  const record: unknown = JSON.parse(await readText(chunks));
  return typeof record === 'object' && record !== null && !('refused' in record);
}

/**
 * The newest runs first, without those whose record is damaged.
 *
 * @param most how many runs at most.
 * @param since epoch milliseconds; runs that began earlier are left out. Default: none are.
 * @throws StoreError
 */
export async function newestRuns(
  store: LedgerStore,
  most: number,
  onDamaged: (sentence: string) => void = () => {},
  since = Number.NEGATIVE_INFINITY,
): Promise<readonly RunRecord[]> {
  const runs: string[] = [];
  for await (const path of store.listFiles('runs/')) {
    const run = SUMMARY.exec(path)?.[1];
    // A run whose name does not tell when it began is not left out.
    if (run !== undefined && !(timeOfRun(run) < since)) {
      runs.push(run);
    }
  }
  const records: RunRecord[] = [];
  for (const run of runs.reverse().slice(0, most)) {
    const record = await readRun(store, run, onDamaged);
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

/** When a run of this name began, epoch milliseconds; NaN where its name does not tell. */
export function timeOfRun(run: string): number {
  const [, date, hour, minute, second, fraction] = /^(\d{4}\d{2}\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-/.exec(run) ?? [];
  if (date === undefined) return Number.NaN;
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return Date.parse(`${day}T${hour}:${minute}:${second}.${fraction}Z`);
}
