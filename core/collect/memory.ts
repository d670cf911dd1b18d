import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { Root } from './roots.ts';

/** What earlier runs left behind. Without a ledger nothing is remembered: see {@link NO_MEMORY}. */
export interface Memory {
  candidacy(object: number): Candidacy | null;
  isPinned(root: Pick<Root, 'location' | 'key'>): boolean;
  /** Whether some root has named this `taskowned/` file before: then it is materialised state, and no sink's. */
  wasNamed(object: number): boolean;
  /**
   * Where the ledger has the copy of the savepoint that it retired, and that referenced this object in its own
   * directory; null for any other object.
   */
  retiredSavepointOf(object: number): string | null;
  /** What a look at an object of unknown name has shown, where it has the same ETag still; null where none is on record. */
  lookedAt(object: number): LookedAt | null;
  /** When a root that was retired and put back had been complete, epoch milliseconds; null for any other. */
  completionOf(rootUrl: string, etag: string): number | null;
  /** What earlier runs saw of a directory whose files are judged together; null where they saw no file or root in it. */
  remembered(location: number, base: string): RememberedDirectory | null;
  /** Whether an earlier run saw something by which a directory of this id is a job's. */
  showedFlink(job: string): boolean;
  /** Whether a directory in this folder held a root in an earlier run. @param folder empty or with a closing slash. */
  heldRootsIn(location: number, folder: string): boolean;
  /** The directories in which earlier runs saw files or roots, of the jobs whose ids begin with these digits. */
  directoriesOfJobs(digits: string): readonly DirectoryOfJob[];
  /** Whether the operator has declared this content of a root dead. */
  isWrittenOff(rootUrl: string, etag: string): boolean;
}

/** A directory of a job that held files or roots in an earlier run. */
export interface DirectoryOfJob {
  readonly job: string;
  /** The `baseId` of the directory. */
  readonly id: string;
}

/** Whether an object of unknown name begins as Flink's metadata does, or could not be read. */
export type LookedAt = 'flink' | 'other' | 'unread';

/** A directory that held files or roots in an earlier run. */
export interface RememberedDirectory {
  /** Some of the roots that it held, the newest among them; none where it held none. */
  readonly roots: readonly RememberedRoot[];
  /**
   * Time of the oldest object that any run saw of its job, epoch milliseconds: the job began no later. Null where the
   * runs that saw it did not remember that.
   */
  readonly began: number | null;
  /**
   * Start of the last run that looked where it lies and saw no file or root in it, epoch milliseconds: it began no earlier.
   * Null where no such run is known, as of all that the first run of a ledger or of a larger area saw.
   */
  readonly absent: number | null;
}

/** A root that was there in an earlier run. */
export interface RememberedRoot {
  /** Its folder in the directory, such as `chk-7`; empty where the `_metadata` lay in the directory itself. */
  readonly name: string;
  /** {@link Root.content}; null where it could not be read to its end. */
  readonly content: string | null;
  /** Epoch milliseconds. */
  readonly completed: number;
}

/** What a run without a ledger remembers: nothing. All garbage is in quarantine then. */
export const NO_MEMORY: Memory = {
  candidacy: () => null,
  isPinned: () => false,
  wasNamed: () => false,
  retiredSavepointOf: () => null,
  lookedAt: () => null,
  completionOf: () => null,
  remembered: () => null,
  showedFlink: () => false,
  heldRootsIn: () => false,
  directoriesOfJobs: () => [],
  isWrittenOff: () => false,
};

/** How long an object has been garbage, from earlier runs. */
export interface Candidacy {
  /** Epoch milliseconds of the first run that found it garbage. */
  readonly since: number;
  /** In how many decidable runs it was garbage, this one not counted. */
  readonly runs: number;
  /** The ETag it had then; null where that is the one it has now. */
  readonly etag: string | null;
}

/** How long an object has been garbage; null where it was not, or has changed since: then its quarantine begins anew. */
export function candidacyOf(
  object: number,
  { memory, objects }: { readonly memory: Pick<Memory, 'candidacy'>; readonly objects: Pick<ObjectTable, 'etag'> },
): Candidacy | null {
  const candidacy = memory.candidacy(object);
  const etag = candidacy?.etag ?? null;
  return etag === null || etag === objects.etag(object) ? candidacy : null;
}
