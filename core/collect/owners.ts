import type { ObjectTable } from '#core/inventory/object-table.ts';
import type { DirectoryClass } from '../flink/layout.ts';
import { withMarkers } from './folder-markers.ts';
import { type FormerRun, formerRuns, Writes } from './former-runs.ts';
import { disordered, observedCheckpointTime, younger } from './job-times.ts';
import type { Liveness, ReportedJob } from './liveness.ts';
import { type Memory, NO_MEMORY } from './memory.ts';
import {
  baseId,
  checkpointDirectories,
  latest,
  type MarkedDirectory,
  markersAlone,
  rootlessDirectories,
  type WrittenDirectory,
} from './rootless-directories.ts';
import { isCheckpointProper, type Root } from './roots.ts';
import type { CollectSettings } from './settings.ts';
import { writtenDirectories } from './written-directories.ts';

/**
 * Whose files they are. Files are judged together by job id, over all directories of that id: a changelog prefix or
 * an entropy-injected path holds no roots of its own. Where no path tells the job (`create-subdir: false`), all that
 * lies in one checkpoint directory is judged as one job.
 */
export interface Owner {
  /** The job id, or the directory. */
  readonly id: string;
  readonly job: string | null;
  readonly location: number;
  /** Its directory: the first that showed a root, else the first that was seen. */
  readonly base: string;
  /** Roots in its own directories, in the order of reading; savepoints elsewhere not. */
  readonly roots: readonly Root[];
  readonly holdsRoots: boolean;
  /** Whether one of its roots is a checkpoint where checkpoints lie; a savepoint put into its directory is none. */
  readonly holdsCheckpoints: boolean;
  /**
   * LastModified of its youngest object, epoch milliseconds; -Infinity where it has none. Of empty keys that mark a folder
   * those count that no deletion explains (`folder-markers.ts`), the steward's own marker does not.
   */
  readonly lastWrite: number;
  /** LastModified of its oldest object, whatever that is, epoch milliseconds; Infinity where it has none. */
  readonly firstWrite: number;
  /**
   * Its directories that hold nothing but empty keys that mark a folder, by {@link baseId} with the time of the last one.
   * A JobManager makes two folders at its start, and on S3A nothing else is there until the first upload.
   */
  readonly markersAlone: ReadonlyMap<string, number>;
  /**
   * When Flink's state code last wrote, by {@link baseId} of its directories with roots. What lies in no checkpoint
   * directory (a changelog, a folder of an entropy-injected path) counts for the one with the newest checkpoint.
   */
  readonly lastStateFiles: ReadonlyMap<string, number>;
  /**
   * Job directories of this id without any root, where others of the id have roots, by {@link baseId} with the time
   * of the last write into each.
   */
  readonly rootlessDirectories: ReadonlyMap<string, number>;
  /** Where none of its directories has a root: its checkpoint directories, by {@link baseId}. */
  readonly directoriesWithoutAnyRoot: ReadonlySet<string>;
  /**
   * Changelogs of this id that may be of another cluster than its roots are, by {@link baseId} with the time of the
   * last write that speaks for it.
   */
  readonly foreignChangelogs: ReadonlyMap<string, number>;
  /** The jobs that Flink says are running here; none where no cluster was asked. */
  readonly running: readonly ReportedJob[];
  /** Milliseconds a checkpoint may take: as configured, or longer where Flink says so or longer was seen. */
  readonly checkpointTimeout: number;
  /**
   * Completion time of the newest completed checkpoint proper, -Infinity without one. Where several directories of
   * one job id hold roots, of the oldest of their newest ones: two clusters may share an id.
   */
  readonly lastCheckpoint: number;
  /** Why the order of its checkpoints can't be trusted, in a sentence; null where it can. */
  readonly timesDistrusted: string | null;
  /** Earlier runs of the job under the same id, which a later one has followed; their roots are among {@link roots}. */
  readonly formerRuns: readonly FormerRun[];
  /** Declared dead by the operator, nothing written since, and not running. */
  readonly declaredDead: boolean;
  /** Declared dead, but written to since, or running: the declaration does not hold. */
  readonly declarationLapsed: boolean;
}

/** What operators have declared about jobs. */
export interface Declarations {
  /** When the operator declared this job dead, epoch milliseconds; null where not. */
  declaredDeadAt(job: string): number | null;
}

/** The owner of every object. */
export class Owners {
  readonly all: readonly Owner[];
  readonly #byDirectory: readonly (Owner | undefined)[];
  readonly #byId: ReadonlyMap<string, Owner>;

  constructor(byDirectory: readonly (Owner | undefined)[], byId: ReadonlyMap<string, Owner>) {
    this.#byDirectory = byDirectory;
    this.#byId = byId;
    this.all = [...byId.values()];
  }

  /** @param directoryId of the object, as the table counts directories. */
  ofDirectory(directoryId: number): Owner {
    const owner = this.#byDirectory[directoryId];
    if (owner === undefined) {
      throw new RangeError(`No owner is known for directory ${directoryId}.`);
    }
    return owner;
  }

  ofRoot(root: Root): Owner | undefined {
    return this.#byId.get(ownerId(root.location, root.class));
  }
}

interface Gathered {
  readonly job: string | null;
  readonly location: number;
  readonly base: string;
  readonly roots: Root[];
  readonly directories: MarkedDirectory[];
}

/** What a run knows of owners besides what was listed. */
export interface OwnerFacts {
  /** In which the roots found what they reference. */
  readonly objects: ObjectTable;
  /** All of these owners that were seen in this run. */
  readonly roots: readonly Root[];
  readonly settings: CollectSettings;
  readonly declarations: Declarations;
  /** What Flink says. */
  readonly liveness: Liveness;
  /** What earlier runs saw of directories. @default nothing */
  readonly memory?: Pick<Memory, 'remembered'>;
}

/** What the listing tells of owners. */
export interface ListedOwners {
  /** All their directories; those that hold an object of the table as the table knows them. */
  readonly directories: Iterable<MarkedDirectory>;
  /** When the objects of some owners were written, by the ids of the owners. */
  writesOf(owners: ReadonlySet<string>): ReadonlyMap<string, Writes>;
}

/** Gathers the facts of every owner from the objects and the roots of this run, and from what Flink says. */
export function gatherOwners(facts: OwnerFacts): Owners {
  const { objects, settings } = facts;
  const written = writtenDirectories(objects);
  const ids: string[] = [];
  for (const [directoryId, { directory }] of written) {
    ids[directoryId] = ownerId(directory.location, directory.class);
  }
  const owners = ownersOf(facts, {
    directories: written.values(),
    writesOf: (wanted) => writesByOwner(objects, ids, wanted, settings.deadAfter),
  });
  return new Owners(
    ids.map((id) => owners.get(id)),
    owners,
  );
}

/** The same where the listing was summed up before, by the ids of the owners. */
export function ownersOf(facts: OwnerFacts, { directories, writesOf }: ListedOwners): ReadonlyMap<string, Owner> {
  const gathered = new Map<string, Gathered>();
  for (const written of directories) {
    const { location, class: itsClass } = written.directory;
    entry(gathered, ownerId(location, itsClass), location, itsClass).directories.push(written);
  }
  for (const root of facts.roots) {
    entry(gathered, ownerId(root.location, root.class), root.location, root.class).roots.push(root);
  }
  const running = facts.liveness.runningFor(new Set(gathered.keys()));
  // Of those whose checkpoints are out of order, runs may follow one another.
  const writes = writesOf(
    new Set([...gathered].filter(([, { roots }]) => disordered(roots) !== null).map(([id]) => id)),
  );
  const owners = new Map<string, Owner>();
  for (const [id, itsFacts] of gathered) {
    owners.set(
      id,
      conclude({ id, ...itsFacts, running: running(id, itsFacts.job), writes: writes.get(id) ?? null }, facts),
    );
  }
  return owners;
}

/** When the objects of some owners were written. @param ids of the owners, by the directories of the table. */
function writesByOwner(
  objects: ObjectTable,
  ids: readonly string[],
  wanted: ReadonlySet<string>,
  deadAfter: number,
): ReadonlyMap<string, Writes> {
  const writes = new Map([...wanted].map((id) => [id, new Writes(deadAfter)]));
  for (let object = 0; writes.size > 0 && object < objects.size; object++) {
    /* v8 ignore next -- every directory of the table has an id */
    writes.get(ids[objects.directoryId(object)] ?? '')?.add(objects.modified(object));
  }
  return writes;
}

function conclude(
  {
    id,
    job,
    location,
    base,
    roots,
    directories: marked,
    running,
    writes,
  }: Gathered & Pick<Owner, 'id' | 'running'> & { readonly writes: Writes | null },
  { objects, settings, declarations, memory = NO_MEMORY }: OwnerFacts,
): Owner {
  const directories = withMarkers({ directories: marked, roots, memory });
  const rootless = rootlessDirectories(directories, roots, objects);
  const bare = markersAlone(marked);
  // In a job's other folders a marker alone is nobody's: an entropy-injected one need not hold a file.
  const isOfOthers = (known: string): boolean =>
    roots.length > 0 && bare.has(known) && !rootless.directories.has(known);
  const lastWrite = latest([
    ...directories
      .filter(({ directory }) => !isOfOthers(baseId(directory.location, directory.class.base)))
      .map((written) => written.lastWrite),
    ...roots.map((root) => root.completed),
  ]);
  const isOneDirectory = rootless.directories.size === 0 && rootless.changelogs.size === 0;
  const former = writes !== null && isOneDirectory ? formerRuns({ job, roots, objects, writes, settings }) : null;
  const declaredAt = job === null ? null : declarations.declaredDeadAt(job);
  // A time that is not a number is no time before the declaration.
  const declaredDead = declaredAt !== null && lastWrite <= declaredAt && running.length === 0;
  return {
    id,
    job,
    location: roots[0]?.location ?? location,
    base: roots[0]?.class.base ?? base,
    roots,
    holdsRoots: roots.length > 0,
    holdsCheckpoints: roots.some(({ class: itsClass }) => itsClass.role === 'checkpoint'),
    lastWrite,
    firstWrite: -latest([
      ...directories.map((written) => -written.firstWrite),
      ...roots.map((root) => -root.completed),
    ]),
    markersAlone: new Map([...bare].filter(([known]) => !isOfOthers(known))),
    lastStateFiles: lastStateFiles(directories, roots, rootless.directories),
    rootlessDirectories: rootless.directories,
    directoriesWithoutAnyRoot: new Set(roots.length > 0 ? [] : checkpointDirectories(directories)),
    foreignChangelogs: rootless.changelogs,
    running,
    checkpointTimeout: latest([
      settings.checkpointTimeout,
      observedCheckpointTime(roots, objects),
      ...running.map(({ checkpointTimeout }) => checkpointTimeout ?? 0),
    ]),
    lastCheckpoint: lastCheckpointOf(roots),
    // By the configured timeout alone: a longer one would believe more.
    timesDistrusted:
      (former === null ? disordered(roots) : null) ?? younger(roots, objects, settings.checkpointTimeout),
    formerRuns: former ?? [],
    declaredDead,
    declarationLapsed: declaredAt !== null && !declaredDead,
  };
}

function lastStateFiles(
  directories: readonly WrittenDirectory[],
  roots: readonly Root[],
  rootless: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const checkpoints = lastCheckpoints(roots);
  const newest = latest(checkpoints.values());
  const [main] = [...checkpoints].find(([, completed]) => !(completed < newest)) ?? [];
  const last = new Map<string, number>();
  for (const { directory, lastStateFile } of directories) {
    const own = baseId(directory.location, directory.class.base);
    const id = checkpoints.has(own) ? own : main;
    if (id !== undefined && !rootless.has(own)) {
      last.set(id, Math.max(last.get(id) ?? Number.NEGATIVE_INFINITY, lastStateFile));
    }
  }
  return last;
}

/** When the newest checkpoint of each directory with roots was complete, by {@link baseId}; -Infinity without one. */
export function lastCheckpoints(roots: readonly Root[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { location, completed, class: itsClass } of roots) {
    const id = baseId(location, itsClass.base);
    const time = itsClass.role === 'checkpoint' ? completed : Number.NEGATIVE_INFINITY;
    newest.set(id, Math.max(newest.get(id) ?? Number.NEGATIVE_INFINITY, time));
  }
  return newest;
}

/** The oldest of the newest checkpoints proper, one for each directory that holds roots. */
export function lastCheckpointOf(roots: readonly Root[]): number {
  const newest = new Map<string, number>();
  for (const root of roots) {
    const directory = baseId(root.location, root.class.base);
    const completed = isCheckpointProper(root) ? root.completed : Number.NEGATIVE_INFINITY;
    newest.set(directory, Math.max(newest.get(directory) ?? Number.NEGATIVE_INFINITY, completed));
  }
  const oldest = [...newest.values()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return newest.size === 0 ? Number.NEGATIVE_INFINITY : oldest;
}

/** How the owner of a directory is known. */
export function ownerId(location: number, { job, base }: DirectoryClass): string {
  return job ?? baseId(location, base);
}

function entry(owners: Map<string, Gathered>, id: string, location: number, { job, base }: DirectoryClass): Gathered {
  let owner = owners.get(id);
  if (owner === undefined) {
    owner = { job, location, base, roots: [], directories: [] };
    owners.set(id, owner);
  }
  return owner;
}
