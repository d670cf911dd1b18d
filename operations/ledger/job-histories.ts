import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import pMap from 'p-map';
import * as z from 'zod';
import type { Completion, JobHistory } from '#core/signals/job-history.ts';
import { emptyHistory } from '#core/signals/remember.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { parseLines } from './line-parts.ts';

/**
 * The histories of all jobs, spread over files by label: a run rewrites few objects however many jobs there are, and
 * holds a few of them at a time. Nothing that may be deleted depends on them; a file that can't be read begins anew.
 */

/** Where the ledger keeps histories. */
export const HISTORY_FOLDER = 'history';
/** A thousand jobs are some sixteen a file. */
const FILES = 64;
/** Files that are read at a time. */
const FILES_AT_ONCE = 8;

const amount = z.number();
const completionRow = z.tuple([
  z.int().describe('completed, epoch milliseconds'),
  z.string().nullable().describe('job id'),
  z.string().nullable().describe('checkpoint id'),
  z.union([z.literal(0), z.literal(1)]).describe('1 for a savepoint'),
  amount.nullable().describe('bytes'),
  amount.nullable().describe('bytes of the increment'),
]);
const measureSchema = z.object({
  at: z.int(),
  live: amount,
  reclaimable: amount,
  quarantined: amount,
  unknown: amount,
  total: amount,
  roots: z.int(),
  restorePoints: z.int(),
  damagedRoots: z.int(),
  newestDamaged: z.boolean().optional(),
  costPerMonth: amount.nullable(),
});
const lineSchema = z.object({
  label: z.string(),
  ended: z.boolean(),
  completions: z.array(completionRow),
  measures: z.array(measureSchema),
});

/** In which of the files a label is kept. */
export function historyFileOf(label: string): number {
  return createHash('sha256').update(label).digest().readUInt32BE() % FILES;
}

/**
 * By label.
 *
 * @returns also, in a sentence, what could not be read and so begins anew.
 * @throws StoreError
 */
export async function readHistories(
  store: LedgerStore,
  file: number,
): Promise<{ readonly histories: ReadonlyMap<string, JobHistory>; readonly lost: string | null }> {
  const chunks = await store.readFile(pathOf(file));
  if (chunks === null) {
    return { histories: new Map(), lost: null };
  }
  const content = await buffer(chunks);
  try {
    return { histories: new Map(parseHistories(content).map((history) => [history.label, history])), lost: null };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return {
      histories: new Map(),
      lost: `${pathOf(file)} of the ledger ${store.name} can't be read (${why}), so the history of the jobs in it is lost and begins again.`,
    };
  }
}

/** The histories in one file, compressed as the ledger keeps it. @throws Error for anything else */
export function parseHistories(content: Uint8Array): readonly JobHistory[] {
  return [...parseLines(content)].map(parseHistory);
}

/** Of all jobs; what can't be read is left out. @throws StoreError */
export async function readAllHistories(store: LedgerStore): Promise<readonly JobHistory[]> {
  const all: JobHistory[] = [];
  for await (const path of store.listFiles(`${HISTORY_FOLDER}/`)) {
    const file = Number(FILE.exec(path)?.[1] ?? Number.NaN);
    const { histories } = Number.isNaN(file) ? NOTHING : await readHistories(store, file);
    all.push(...histories.values());
  }
  return all;
}

/** One job's; null where nothing is known of it. @throws StoreError */
export async function readHistory(store: LedgerStore, label: string): Promise<JobHistory | null> {
  const { histories } = await readHistories(store, historyFileOf(label));
  return histories.get(label) ?? null;
}

/** Of these jobs, each file read once; an empty history where nothing is known. @throws StoreError */
export async function readHistoriesOf(store: LedgerStore, labels: Iterable<string>): Promise<readonly JobHistory[]> {
  const byFile = new Map<number, string[]>();
  for (const label of labels) {
    const file = historyFileOf(label);
    byFile.set(file, [...(byFile.get(file) ?? []), label]);
  }
  const read = await pMap(
    byFile,
    async ([file, ofFile]) => {
      const { histories } = await readHistories(store, file);
      return ofFile.map((label) => histories.get(label) ?? emptyHistory(label));
    },
    { concurrency: FILES_AT_ONCE },
  );
  return read.flat();
}

/** @throws StoreError */
export async function writeHistories(store: LedgerStore, file: number, histories: Iterable<JobHistory>): Promise<void> {
  const sorted = [...histories].toSorted((a, b) => (a.label < b.label ? -1 : 1));
  const text = sorted.map((history) => `${JSON.stringify(lineOf(history))}\n`).join('');
  await store.writeFile(pathOf(file), gzipSync(text));
}

const FILE = new RegExp(`^${HISTORY_FOLDER}/(\\d{2})\\.ndjson\\.gz$`);
const NOTHING = { histories: new Map<string, JobHistory>() };

function pathOf(file: number): string {
  return `${HISTORY_FOLDER}/${String(file).padStart(2, '0')}.ndjson.gz`;
}

function lineOf({ label, ended, completions, measures }: JobHistory): z.input<typeof lineSchema> {
  return { label, ended, completions: completions.map(rowOf), measures: [...measures] };
}

function rowOf(completion: Completion): z.input<typeof completionRow> {
  const { completed, jobId, checkpointId, savepoint, bytes, incrementBytes } = completion;
  return [completed, jobId, checkpointId, savepoint ? 1 : 0, bytes, incrementBytes];
}

function parseHistory(line: unknown): JobHistory {
  const { completions, measures, ...rest } = lineSchema.parse(line);
  return {
    ...rest,
    completions: completions.map(([completed, jobId, checkpointId, savepoint, bytes, incrementBytes]) => ({
      completed,
      jobId,
      checkpointId,
      savepoint: savepoint === 1,
      bytes,
      incrementBytes,
    })),
    measures,
  };
}
