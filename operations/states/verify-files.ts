import type { Root } from '#core/collect/roots.ts';
import type { Job } from '#core/jobs/jobs.ts';
import type { TableProperties } from '#core/states/table-properties.ts';
import { NO_STATES, type RememberedStates, readStates, writeStates } from '#operations/ledger/remembered-states.ts';
import type { StatesInput, StatesPlan } from './look-at-states.ts';
import { PartReader } from './part-reader.ts';
import { type FileEnd, readEnds } from './read-ends.ts';
import { type AgainInput, readRootAgain } from './read-root-again.ts';
import { fileIdOf, readRootTables, type TableFile } from './root-tables.ts';

/** Looks at the end of each state file of restore points: whether it is whole. A file that was read before is known. */

/** A state file of which the end was looked at. */
export interface LookedFile {
  readonly file: TableFile;
  readonly end: FileEnd;
}

/** One restore point, and its state files. */
export interface VerifiedRoot {
  readonly root: Root;
  /** Distinct state files, by id. */
  readonly files: ReadonlySet<string>;
}

/** The restore points of one job. */
export interface VerifiedJob {
  readonly job: Job;
  readonly roots: readonly VerifiedRoot[];
  /** What the end of each file showed, by id; whole ones that were read before among them. */
  readonly ends: ReadonlyMap<string, LookedFile>;
}

/** What verifying found, and took. */
export interface Verification {
  readonly jobs: readonly VerifiedJob[];
  readonly plan: StatesPlan;
  readonly requests: number;
}

/** @throws StoreError */
export async function verifyFiles(input: StatesInput): Promise<Verification> {
  const jobs: Verifying[] = [];
  for (const job of input.jobs) jobs.push(await Verifying.begin(input, job));
  const wanted = new Map(jobs.flatMap((job) => job.wanted()));
  const files = new Set(jobs.flatMap(({ files: its }) => [...its.keys()])).size;
  const requests = wanted.size;
  const plan = { files, remembered: files - requests, requests, left: Math.max(0, requests - input.most) };
  input.onPlanned?.(plan);
  const { area, objects } = input.survey;
  const { stores, signal } = input.again;
  const reader = new PartReader({ area, objects, stores, most: input.most, signal });
  const ends = new Map<string, FileEnd>();
  const reading = [...wanted].map(([id, file]) => ({ id, file }));
  await readEnds(reading, reader, ({ id }, end) => {
    ends.set(id, end);
    input.onRead?.(ends.size, requests);
  });
  const verified: VerifiedJob[] = [];
  for (const job of jobs) verified.push(await job.verified(input.again, ends));
  return { jobs: verified, plan, requests: reader.requests };
}

/** Remembers the files that were found whole, for later looks. @throws StoreError */
export async function rememberWhole(
  { ledger }: Pick<StatesInput, 'ledger'>,
  jobs: readonly VerifiedJob[],
): Promise<void> {
  if (ledger === null) return;
  for (const label of new Set(jobs.map(({ job }) => job.label))) {
    const before = await readStates(ledger, label);
    const tables = new Map(before.tables);
    for (const { ends } of jobs.filter(({ job }) => job.label === label)) {
      for (const [id, { end }] of ends) if (end.outcome === 'table') tables.set(id, end.properties);
    }
    if (tables.size > before.tables.size) await writeStates(ledger, label, { ...before, tables });
  }
}

/** How many state files a root has, and how many of them are known to be whole; null where it is gone. @throws StoreError */
export async function knownWhole(
  { survey, again, ledger }: Pick<StatesInput, 'survey' | 'again' | 'ledger'>,
  root: Root,
  label: string,
): Promise<{ readonly stateFiles: number; readonly looked: number } | null> {
  const found = await readRootTables(again, survey.objects, root);
  if (found === null) return null;
  const { tables } = ledger === null ? NO_STATES : await readStates(ledger, label);
  const ids = new Set(found.tables.flatMap((file) => (file.object < 0 ? [] : [fileIdOf(survey, file)])));
  return { stateFiles: ids.size, looked: [...ids].filter((id) => tables.has(id)).length };
}

class Verifying {
  readonly files = new Map<string, TableFile>();
  readonly #job: Job;
  readonly #roots: VerifiedRoot[] = [];
  readonly #known: ReadonlyMap<string, TableProperties | null>;

  private constructor(job: Job, { tables }: RememberedStates) {
    this.#job = job;
    this.#known = tables;
  }

  static async begin({ survey, again, ledger }: StatesInput, job: Job): Promise<Verifying> {
    const one = new Verifying(job, ledger === null ? NO_STATES : await readStates(ledger, job.label));
    for (const root of job.restorePoints) {
      const found = await readRootTables(again, survey.objects, root);
      // Subsumed meanwhile, it is no restore point any more.
      if (found === null) continue;
      const listed = found.tables
        .filter(({ object }) => object >= 0)
        .map((file) => [fileIdOf(survey, file), file] as const);
      for (const [id, file] of listed) one.files.set(id, file);
      one.#roots.push({ root, files: new Set(listed.map(([id]) => id)) });
    }
    return one;
  }

  wanted(): readonly (readonly [string, TableFile])[] {
    return [...this.files].filter(([id]) => !this.#known.has(id));
  }

  async verified(again: AgainInput, read: ReadonlyMap<string, FileEnd>): Promise<VerifiedJob> {
    const roots: VerifiedRoot[] = [];
    for (const one of this.#roots) {
      // Flink subsumes checkpoints while it is looked at them: then their files go, and nobody needs them.
      const lacks = [...one.files].some((id) => read.get(id)?.outcome === 'gone');
      if (!lacks || (await readRootAgain(again, one.root, NOTHING))) roots.push(one);
    }
    const needed = new Set(roots.flatMap(({ files }) => [...files]));
    const ends = new Map<string, LookedFile>();
    for (const [id, file] of this.files) {
      const known = this.#known.get(id);
      const end = known === undefined ? (read.get(id) ?? LEFT) : ({ outcome: 'table', properties: known } as const);
      if (needed.has(id)) ends.set(id, { file, end });
    }
    return { job: this.#job, roots, ends };
  }
}

const LEFT: FileEnd = { outcome: 'left' };
const NOTHING = { reference: () => {} };
