import { isUsable, type Root } from '#core/collect/roots.ts';
import type { DescribedState } from '#core/flink/described-states.ts';
import type { Job } from '#core/jobs/jobs.ts';
import { type StateRow, stateTable } from '#core/states/state-table.ts';
import type { TableProperties } from '#core/states/table-properties.ts';
import { NO_STATES, type RememberedStates, readStates } from '#operations/ledger/remembered-states.ts';
import type { Survey } from '#operations/look/survey.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { PartReader } from './part-reader.ts';
import { readDescriptions } from './read-descriptions.ts';
import { type FileEnd, readEnds } from './read-ends.ts';
import type { AgainInput } from './read-root-again.ts';
import { fileIdOf, type RootTables, readRootTables, type TableFile } from './root-tables.ts';

/** Looks at the states of jobs: at the newest root of each, and at the end of each of its state files once in its life. */

/** What looking at states takes. */
export interface StatesInput {
  readonly survey: Pick<Survey, 'area' | 'objects'>;
  readonly again: AgainInput;
  readonly jobs: readonly Job[];
  /** Null where nothing is remembered. */
  readonly ledger: LedgerStore | null;
  /** How many requests may be sent for state files. */
  readonly most: number;
  /** Told before the first of them. */
  readonly onPlanned?: (plan: StatesPlan) => void;
  readonly onRead?: (files: number, all: number) => void;
}

/** What a look at states will read. */
export interface StatesPlan {
  /** Distinct state files that the roots name. */
  readonly files: number;
  /** Those that were read before. */
  readonly remembered: number;
  /** Requests that are foreseen: one for each new file and for each description. Some files take a second. */
  readonly requests: number;
  /** Of these, those that the limit leaves out. */
  readonly left: number;
}

/** The states of one job. */
export interface JobStates {
  readonly job: Job;
  /** Null where nothing of the job could be read. */
  readonly found: RootTables | null;
  readonly rows: readonly StateRow[];
  /** What was known before. */
  readonly before: RememberedStates;
  /** What is known of its files now. */
  readonly tables: ReadonlyMap<string, TableProperties | null>;
  /** Files of which nothing is known, by what their end showed. */
  readonly unread: ReadonlyMap<FileEnd['outcome'] | 'unlisted', number>;
  /** The first failure of a read, in a sentence; null where none failed. */
  readonly failure: string | null;
}

/** What a look at states found, and took. */
export interface StatesLook {
  readonly jobs: readonly JobStates[];
  readonly plan: StatesPlan;
  /** Requests for state files that were sent. */
  readonly requests: number;
}

/** @throws StoreError */
export async function lookAtStates(input: StatesInput): Promise<StatesLook> {
  const jobs: Looked[] = [];
  for (const job of input.jobs) jobs.push(await Looked.begin(input, job));
  const wanted = wantedBy(jobs);
  const descriptions = jobs.flatMap((job) => job.descriptions());
  const plan = planOf(jobs, wanted.size, descriptions.length, input.most);
  input.onPlanned?.(plan);
  const { area, objects } = input.survey;
  const { stores, signal } = input.again;
  const reader = new PartReader({ area, objects, stores, most: input.most, signal });
  const described = await readDescriptions(descriptions, reader);
  // Where not all can be read, what is read explains most of the bytes.
  const largestFirst = [...wanted.values()].toSorted((one, other) => other.file.bytes - one.file.bytes);
  let read = 0;
  await readEnds(largestFirst, reader, ({ id, jobs: its }, end) => {
    for (const job of its) job.learn(id, end);
    read += 1;
    input.onRead?.(read, wanted.size);
  });
  return { jobs: jobs.map((job) => job.states(described)), plan, requests: reader.requests };
}

/** A file that nothing is known of, and the jobs that wait for it. */
interface Wanted {
  readonly id: string;
  readonly file: TableFile;
  readonly jobs: Looked[];
}

function wantedBy(jobs: readonly Looked[]): ReadonlyMap<string, Wanted> {
  const all = new Map<string, Wanted>();
  for (const job of jobs) {
    for (const [id, file] of job.wanted()) {
      const one = all.get(id) ?? { id, file, jobs: [] };
      one.jobs.push(job);
      all.set(id, one);
    }
  }
  return all;
}

function planOf(jobs: readonly Looked[], wanted: number, descriptions: number, most: number): StatesPlan {
  const ids = new Set(jobs.flatMap((job) => job.listedFiles()));
  const requests = wanted + descriptions;
  return { files: ids.size, remembered: ids.size - wanted, requests, left: Math.max(0, requests - most) };
}

/**
 * The root whose states stand for a job: the newest of which each file can be told, or else the newest that was read. A
 * savepoint in canonical format shows no states, and a checkpoint before it does.
 */
export function rootOfStates({ roots }: Pick<Job, 'roots'>): Root | null {
  const read = roots.filter(({ state }) => state === 'read');
  const telling = read.filter(({ summary }) => summary?.kind !== 'savepoint-canonical');
  return telling.find(isUsable) ?? telling[0] ?? read[0] ?? null;
}

/** One job while it is looked at. */
class Looked {
  readonly #job: Job;
  readonly #found: RootTables | null;
  readonly #before: RememberedStates;
  readonly #idOf = new Map<TableFile, string>();
  readonly #distinct = new Map<string, TableFile>();
  readonly #tables = new Map<string, TableProperties | null>();
  readonly #unread = new Map<FileEnd['outcome'] | 'unlisted', number>();
  readonly #survey: StatesInput['survey'];
  #failure: string | null = null;

  private constructor(job: Job, found: RootTables | null, before: RememberedStates, survey: StatesInput['survey']) {
    this.#job = job;
    this.#found = found;
    this.#before = before;
    this.#survey = survey;
    for (const [at, file] of (found?.tables ?? []).entries()) {
      const id = file.object < 0 ? `?${at}` : fileIdOf(survey, file);
      this.#idOf.set(file, id);
      this.#distinct.set(id, file);
      const known = before.tables.get(id);
      if (known !== undefined) this.#tables.set(id, known);
      if (file.object < 0) this.#count('unlisted');
    }
  }

  static async begin({ survey, again, ledger }: StatesInput, job: Job): Promise<Looked> {
    const root = rootOfStates(job);
    const found = root === null ? null : await readRootTables(again, survey.objects, root, job.roots);
    return new Looked(job, found, ledger === null ? NO_STATES : await readStates(ledger, job.label), survey);
  }

  listedFiles(): readonly string[] {
    return [...this.#distinct].flatMap(([id, { object }]) => (object < 0 ? [] : [id]));
  }

  /** Files of which nothing is known yet. */
  wanted(): readonly (readonly [string, TableFile])[] {
    return [...this.#distinct].filter(([id, { object }]) => object >= 0 && !this.#tables.has(id));
  }

  /** One file of each operator whose states the root itself does not describe. */
  descriptions(): readonly TableFile[] {
    const { described, descriptions } = this.#found ?? { described: new Map(), descriptions: new Map() };
    return [...descriptions].flatMap(([operator, file]) => (described.has(operator) || file.object < 0 ? [] : [file]));
  }

  learn(id: string, end: FileEnd): void {
    if (end.outcome === 'table') {
      this.#tables.set(id, end.properties);
      return;
    }
    this.#count(end.outcome);
    if (end.outcome === 'failed') this.#failure ??= end.why;
  }

  states(read: ReadonlyMap<TableFile, readonly DescribedState[]>): JobStates {
    const found = this.#found;
    const described = new Map(found?.described);
    for (const file of this.descriptions()) {
      const states = read.get(file);
      if (states !== undefined) described.set(file.operator, states);
    }
    const tables = (found?.tables ?? []).map((file) => {
      const id = this.#idOf.get(file) ?? '';
      const { operator, subtask, bytes, object } = file;
      const modified = object < 0 ? null : this.#survey.objects.modified(object);
      return { id, operator, subtask, bytes, modified, properties: this.#tables.get(id) ?? null };
    });
    return {
      job: this.#job,
      found,
      rows: found === null ? [] : stateTable(found.operators, { tables, undivided: found.undivided, described }),
      before: this.#before,
      tables: this.#tables,
      unread: this.#unread,
      failure: this.#failure,
    };
  }

  #count(outcome: FileEnd['outcome'] | 'unlisted'): void {
    this.#unread.set(outcome, (this.#unread.get(outcome) ?? 0) + 1);
  }
}
