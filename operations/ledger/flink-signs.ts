import * as z from 'zod';
import type { Area } from '#core/area/area.ts';
import type { Candidacies } from '#core/collect/candidacies.ts';
import type { Evidence } from '#core/collect/evidence.ts';
import { folderAbove } from '#core/collect/foreign-jobs.ts';
import type { Memory } from '#core/collect/memory.ts';
import { classifyDirectory } from '#core/flink/layout.ts';
import type { Place } from '#core/flink/state-path.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { readAllHistories } from './job-histories.ts';
import type { KnownDirectory } from './known-directories.ts';
import { type Part, readLines } from './line-parts.ts';
import type { LedgerState } from './state.ts';

/** The ids of jobs in the ledger that once showed by a sign to be Flink's: the signs go when the steward works. */

/** Milliseconds for which an id is remembered of which nothing is listed any more. */
const REMEMBERED_FOR = 90 * 24 * 3_600_000;

/** Job id, start of the last run in which something of it was listed. */
const lineSchema = z.tuple([z.string(), z.number()]);

/** Ids with the start of the last run that listed something of them. @throws LostPartError, StoreError */
export async function readFlinkSigns(store: LedgerStore, parts: readonly Part[]): Promise<ReadonlyMap<string, number>> {
  const signs = new Map<string, number>();
  for await (const line of readLines(store, parts)) {
    signs.set(...lineSchema.parse(line));
  }
  return signs;
}

/** What tells a run which ids are Flink's. */
export interface SignsSeen extends Pick<Evidence, 'foreignJobs' | 'start'> {
  readonly owners: Pick<Evidence['owners'], 'all'>;
  readonly memory: Pick<Memory, 'showedFlink'>;
}

/** What this run knows to be Flink's, and what earlier ones did. @param before as the ledger has it. */
export function* flinkSignLines(
  { owners, foreignJobs, memory, start }: SignsSeen,
  before: ReadonlyMap<string, number>,
): Generator<z.input<typeof lineSchema>> {
  const seen = new Set<string>();
  for (const { job } of owners.all) {
    if (job !== null && (!foreignJobs.has(job) || memory.showedFlink(job))) {
      seen.add(job);
      yield [job, start];
    }
  }
  for (const [job, last] of before) {
    if (!seen.has(job) && start - last < REMEMBERED_FOR) yield [job, last];
  }
}

/** What a ledger without such ids knows of jobs in other ways. */
export interface OlderKnowledge {
  readonly objects: ObjectTable;
  readonly candidacies: Candidacies;
  readonly state: LedgerState;
  readonly known: readonly KnownDirectory[];
  /** Directories that held a root in the last run. */
  readonly directories: readonly Place[];
}

/**
 * The ids that a ledger without a list of them knows in any other way. An earlier version took every directory with 32
 * digits for a job's; what it had in hand it must be able to finish, or the garbage would stay for ever.
 *
 * @throws StoreError
 */
export async function signsOfOlderLedger(
  store: LedgerStore,
  { objects, candidacies, state, known, directories }: OlderKnowledge,
): Promise<ReadonlySet<string>> {
  const jobs = new Set<string>();
  const add = (job: string | null): void => {
    if (job !== null) jobs.add(job);
  };
  for (const { key } of [...known, ...directories]) add(jobOf(key));
  for (const { url } of state.retired) add(jobOf(url.slice(0, url.lastIndexOf('/') + 1)));
  for (let object = 0; object < objects.size; object++) {
    if (candidacies.get(object) !== null) add(objects.directory(object).class.job);
  }
  for (const { completions } of await readAllHistories(store)) {
    for (const { jobId } of completions) add(jobId);
  }
  return jobs;
}

/** By its directory, or one in it. */
function jobOf(directory: string): string | null {
  return classifyDirectory(directory.replace(/^[a-z0-9]+:\/\/+/, '')).job;
}

/** The folders of this area in which directories held roots in earlier runs. */
export function foldersWithRoots({
  known,
  directories,
  area,
}: Pick<OlderKnowledge, 'known' | 'directories'> & { readonly area: Area }): Memory['heldRootsIn'] {
  const folders = new Set<string>();
  for (const place of [...known.filter(({ roots }) => roots.length > 0), ...directories]) {
    const found = area.locate(place);
    if (found.within === 'area') folders.add(`${found.location}:${folderAbove(found.key)}`);
  }
  return (location, folder) => folders.has(`${location}:${folder}`);
}
