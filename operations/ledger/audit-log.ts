import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { LedgerError } from './ledger-error.ts';
import { checksum, type Part, parseLines } from './line-parts.ts';

/**
 * What was deleted, when and why: for each batch a file that is written *before* anything of it is deleted, and one
 * with what became of it. A run that dies in between leaves the first, and then each of its objects may have gone.
 */

const deletionSchema = z.object({
  /** Under the area's own name of its place. */
  url: z.string(),
  bytes: z.number(),
  etag: z.string(),
  modified: z.iso.datetime(),
  /** The stable name of the rule, or `retired` for a root. */
  rule: z.string(),
  /** Of the first run that found it garbage; null for a root. */
  garbageSince: z.iso.datetime().nullable(),
  /** In how many decidable runs it was garbage, this one included. Of a root, and in older logs, absent. */
  garbageRuns: z.int().optional(),
});
/** An object that is about to be deleted. */
export type Deletion = z.output<typeof deletionSchema>;

const outcomeSchema = z.object({
  url: z.string(),
  outcome: z.enum(['deleted', 'gone', 'changed', 'refused']),
  /** Of the delete marker, where the place keeps versions. */
  versionId: z.string().optional(),
  why: z.string().optional(),
});
/** What became of one deletion. */
export type Outcome = z.output<typeof outcomeSchema>;

/** `unknown`: the run ended before it could say. */
export interface LoggedDeletion extends Deletion {
  readonly run: string;
  readonly outcome: Outcome['outcome'] | 'unknown';
  readonly versionId: string | null;
  readonly why: string | null;
}

/**
 * Whether an object may have gone by our hand. A store that refuses, or whose answer was lost, may have deleted it all
 * the same; `gone` and `changed` are definite.
 */
export function mayBeGone({ outcome }: Pick<LoggedDeletion, 'outcome'>): boolean {
  return outcome === 'deleted' || outcome === 'unknown' || outcome === 'refused';
}

/** Paths of the files of the log, of whichever run. */
const LOG_FILE = /^runs\/[\w-]+\/(planned|done)-(\d+)\.ndjson\.gz$/;
const PLANNED = /^runs\/([\w-]+)\/planned-(\d+)\.ndjson\.gz$/;

/** The numbers of batches that each shard of a run has for itself, and each attempt at it. */
const BATCHES_OF_SHARD = 1_000_000;
const BATCHES_OF_ATTEMPT = 20_000;

function shardOf(batch: number): number {
  return Math.floor((batch - 1) / BATCHES_OF_SHARD);
}

/** The log of an attempt at a shard. */
export interface LogOfShard {
  readonly log: AuditLog;
  /** Counted from 0. */
  readonly attempt: number;
  /** Whether no other attempt has begun by now. @throws StoreError */
  readonly isAlone: () => Promise<boolean>;
}

/** A file of the log of a run in shards. */
export interface LogFile {
  readonly file: string;
  readonly shard: number;
  /** Whether it lists what is about to be deleted, not what became of it. */
  readonly isPlan: boolean;
}

/** What all attempts at some shards have put on record, in the order of paths. @throws StoreError */
export async function logFilesOfShards(
  store: LedgerStore,
  run: string,
  shards: ReadonlySet<number>,
): Promise<readonly LogFile[]> {
  const files: LogFile[] = [];
  for await (const file of store.listFiles(`runs/${run}/`)) {
    const [, kind, batch] = LOG_FILE.exec(file) ?? [];
    const shard = shardOf(Number(batch));
    if (kind !== undefined && shards.has(shard)) files.push({ file, shard, isPlan: kind === 'planned' });
  }
  return files;
}

/** Writes the deletions of one run to the ledger, batch by batch. */
export class AuditLog {
  readonly #store: LedgerStore;
  readonly #run: string;
  #batches: number;
  readonly #written: Part[] = [];

  /** @param batches of the run so far. */
  constructor(store: LedgerStore, run: string, batches = 0) {
    this.#store = store;
    this.#run = run;
    this.#batches = batches;
  }

  /**
   * The log of an attempt at a shard. Each has numbers of its own, since the one before may not have ended yet: Lambda may run
   * an item twice, and what the one has deleted the other finds gone.
   *
   * @throws LedgerError after more attempts than anybody makes, StoreError
   */
  static async ofShard(store: LedgerStore, run: string, shard: number): Promise<LogOfShard> {
    const first = shard * BATCHES_OF_SHARD;
    // No two attempts write the same: a store that has put one off may find what another wrote, and takes it for its own.
    const id = randomUUID();
    for (let attempt = 0; attempt < BATCHES_OF_SHARD / BATCHES_OF_ATTEMPT; attempt++) {
      const claimOf = (which: number): string => `runs/${run}/attempts/${shard}-${which}`;
      // Asked first: a store that puts off a write may not be able to say then whose it was.
      if ((await store.readDocument(claimOf(attempt))) !== null) continue;
      const claim = `${JSON.stringify({ shard, attempt, id })}\n`;
      if ((await store.writeDocument(claimOf(attempt), claim, null)) !== null) {
        const isAlone = async (): Promise<boolean> => attempt === 0 && (await store.readDocument(claimOf(1))) === null;
        return { log: new AuditLog(store, run, first + attempt * BATCHES_OF_ATTEMPT), attempt, isAlone };
      }
    }
    throw new LedgerError(
      `Shard ${shard} of run ${run} was tried too often. The next collection deletes what is left of it.`,
    );
  }

  /** The files that this one has written, in their order. */
  get written(): readonly Part[] {
    return this.#written;
  }

  /** To be called, and to have succeeded, before anything of the batch is deleted. @returns the batch's number. */
  async plan(deletions: readonly Deletion[]): Promise<number> {
    this.#batches++;
    await this.#write('planned', this.#batches, deletions);
    return this.#batches;
  }

  async conclude(batch: number, outcomes: readonly Outcome[]): Promise<void> {
    await this.#write('done', batch, outcomes);
  }

  async #write(what: 'planned' | 'done', batch: number, lines: readonly unknown[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const file = pathOf(this.#run, what, batch);
    const content = gzipSync(Buffer.from(text));
    await this.#store.writeFile(file, content);
    this.#written.push({ file, sha256: checksum(content) });
  }
}

/**
 * All deletions on record, newest run first.
 *
 * @param run only those of this run.
 * @throws StoreError, LedgerError for a file that is damaged.
 */
export async function* loggedDeletions(store: LedgerStore, run?: string): AsyncGenerator<LoggedDeletion> {
  for (const batch of (await batchesOf(store, run)).reverse()) yield* deletionsOf(store, batch);
}

interface Batch {
  readonly run: string;
  readonly batch: number;
}

async function batchesOf(store: LedgerStore, run?: string): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const path of store.listFiles(run === undefined ? 'runs/' : `runs/${run}/`)) {
    const [, itsRun, batch] = PLANNED.exec(path) ?? [];
    if (itsRun !== undefined) batches.push({ run: itsRun, batch: Number(batch) });
  }
  return batches;
}

async function* deletionsOf(store: LedgerStore, { run, batch }: Batch): AsyncGenerator<LoggedDeletion> {
  const outcomes = new Map<string, Outcome>();
  for (const outcome of await linesOf(store, pathOf(run, 'done', batch), outcomeSchema)) {
    outcomes.set(outcome.url, outcome);
  }
  for (const deletion of await linesOf(store, pathOf(run, 'planned', batch), deletionSchema)) {
    const outcome = outcomes.get(deletion.url);
    yield {
      ...deletion,
      run,
      outcome: outcome?.outcome ?? 'unknown',
      versionId: outcome?.versionId ?? null,
      why: outcome?.why ?? null,
    };
  }
}

/**
 * The deletions of a run, each object once, though several attempts at a shard may have tried it: of one that may have gone by
 * any of them so much is told, and that it was deleted where one of them says so.
 *
 * @param shards only those of these.
 * @throws as {@link loggedDeletions}
 */
export async function* deletedOnce(
  store: LedgerStore,
  run: string,
  shards?: ReadonlySet<number>,
): AsyncGenerator<LoggedDeletion> {
  const byShard = new Map<number, Batch[]>();
  for (const batch of await batchesOf(store, run)) {
    const shard = shardOf(batch.batch);
    if (shards?.has(shard) === false) continue;
    const its = byShard.get(shard) ?? [];
    byShard.set(shard, its);
    its.push(batch);
  }
  for (const batches of byShard.values()) {
    // One shard at a time: there may be millions.
    const found = new Map<string, LoggedDeletion>();
    for (const batch of batches.reverse()) {
      for await (const deletion of deletionsOf(store, batch)) {
        const known = found.get(deletion.url);
        if (known === undefined || certainty(deletion) > certainty(known)) found.set(deletion.url, deletion);
      }
    }
    yield* found.values();
  }
}

/** How much it says about an object being gone. */
function certainty(deletion: LoggedDeletion): number {
  return deletion.outcome === 'deleted' ? 2 : Number(mayBeGone(deletion));
}

async function linesOf<T>(store: LedgerStore, path: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const chunks = await store.readFile(path);
  const content = chunks === null ? null : await buffer(chunks);
  try {
    return content === null ? [] : [...parseLines(content)].map((line) => schema.parse(line));
  } catch (error) {
    throw new LedgerError(
      `${path} of the ledger ${store.name} is damaged, so it is unknown what that run deleted. Nothing was changed; restore an earlier copy of that file, or move it away if there is none.`,
      { cause: error },
    );
  }
}

function pathOf(run: string, what: 'planned' | 'done', batch: number): string {
  return `runs/${run}/${what}-${String(batch).padStart(6, '0')}.ndjson.gz`;
}
