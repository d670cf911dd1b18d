import type { Directory, ObjectTable } from '#core/inventory/object-table.ts';
import type { DirectoryClass } from '../flink/layout.ts';
import type { Memory } from './memory.ts';
import type { Owner, Owners } from './owners.ts';
import type { Marks, Reachability } from './reachability.ts';
import { ENTROPY } from './rootless-directories.ts';
import type { Root } from './roots.ts';

/**
 * Directories with 32 hexadecimal digits for a name, of which nothing shows that they are a job's. A cache, a tenant or a
 * store that names its files by their content has such folders too, and a file with a UUID for a name in its `shared/`
 * looks like state that nothing references.
 *
 * All directories of one id are judged together: with entropy injection the files of a job are spread over random
 * folders, and a changelog has a place of its own. What once showed a sign is remembered by its id. For the signs go
 * while the steward itself works: when the last root is retired, when a `chk-N/` becomes empty.
 */

/** What tells jobs from anything else. */
export interface SignFacts {
  /** All directories of the area; asked for several times. */
  readonly directories: () => Iterable<Directory>;
  readonly owners: Iterable<Pick<Owner, 'job' | 'holdsRoots' | 'declaredDead' | 'declarationLapsed' | 'running'>>;
  /** All of this run. */
  readonly roots: readonly Root[];
  /** Which of some ids have a file in their directories that a root references. */
  readonly named: (jobs: ReadonlySet<string>) => Iterable<string>;
  readonly memory: Pick<Memory, 'showedFlink' | 'heldRootsIn'>;
}

/**
 * The ids in paths of this area that nothing shows to be a job's: no root bears the id or names a file below it, no
 * directory beside it holds or held a root or is a known job's, it has no two of the folders that a job has, nobody has declared it dead,
 * Flink does not report it, and no earlier run saw any of that.
 */
export function foreignAmong({ directories, owners, roots, named, memory }: SignFacts): ReadonlySet<string> {
  const foreign = new Set<string>();
  for (const { job, holdsRoots, declaredDead, declarationLapsed, running } of owners) {
    const isKnown = holdsRoots || declaredDead || declarationLapsed || running.length > 0;
    if (job !== null && !isKnown && !memory.showedFlink(job)) {
      foreign.add(job);
    }
  }
  if (foreign.size === 0) return foreign;
  for (const job of withSignsInTheirPaths(directories, roots, memory, foreign)) foreign.delete(job);
  if (foreign.size === 0) return foreign;
  for (const job of named(foreign)) foreign.delete(job);
  return foreign;
}

/** {@link foreignAmong} all that was listed. */
export function foreignJobs({
  objects,
  owners,
  reachability,
  memory,
}: {
  readonly objects: ObjectTable;
  readonly owners: Owners;
  /** With all roots of this run. */
  readonly reachability: Reachability;
  readonly memory: SignFacts['memory'];
}): ReadonlySet<string> {
  return foreignAmong({
    directories: () => objects.directories(),
    owners: owners.all,
    roots: reachability.roots,
    named: (jobs) => namedJobs(objects, reachability, jobs),
    memory,
  });
}

/** Which of some ids have an object in their directories that a root references. */
export function namedJobs(objects: ObjectTable, marks: Marks, ids: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (let object = 0; object < objects.size && found.size < ids.size; object++) {
    if (marks.isLive(object) || marks.isKeptByRenamed(object)) {
      const { job } = objects.directory(object).class;
      if (job !== null && ids.has(job)) found.add(job);
    }
  }
  return found;
}

/** Those of some ids whose directories, or what lies beside them, show that they are a job's. */
function withSignsInTheirPaths(
  directories: SignFacts['directories'],
  roots: readonly Root[],
  memory: SignFacts['memory'],
  ids: ReadonlySet<string>,
): ReadonlySet<string> {
  const besideJobs = new BesideJobs(directories, roots, ids);
  const folders = new Map<string, Set<string>>();
  const found = new Set<string>();
  for (const { location, path, class: itsClass } of directories()) {
    const { job, base } = itsClass;
    if (job === null || !ids.has(job)) continue;
    const its = folders.get(job) ?? new Set();
    folders.set(job, its.add(jobFolder(path, itsClass)));
    const above = folderAbove(base);
    if (
      its.size - Number(its.has('')) >= 2 ||
      isNobodyElses(itsClass) ||
      besideJobs.holds(location, above) ||
      memory.heldRootsIn(location, above)
    ) {
      found.add(job);
    }
  }
  return found;
}

/** Which of the folders of a job a directory is, or lies in: `shared`, `taskowned`, `dstl`, `chk-N`; else an empty text. */
function jobFolder(path: string, { role, base }: DirectoryClass): string {
  const [first = ''] = path.slice(base.length).split('/');
  if (role === 'changelog') return 'dstl';
  return role === 'checkpoint' ? 'chk-N' : first === 'shared' || first === 'taskowned' ? first : '';
}

/** Names with a job id or an operator in them: nobody but Flink makes such directories. */
function isNobodyElses({ role }: DirectoryClass): boolean {
  return role === 'merged' || role === 'forst';
}

/** The folders in which something holds a root or is a known job's, and those that are the same but for a random folder. */
class BesideJobs {
  readonly #folders = new Set<string>();
  /** Of folders with files of a job whose roots lie elsewhere. With entropy one of their parts is random. */
  readonly #patterns = new Set<string>();

  /** @param unknown ids of which it is not known that they are jobs'. */
  constructor(directories: SignFacts['directories'], roots: readonly Root[], unknown: ReadonlySet<string>) {
    const jobs = new Set(roots.map((root) => root.class.job));
    const bases = new Set(roots.map((root) => placeId(root.location, root.class.base)));
    for (const root of roots) {
      this.#folders.add(placeId(root.location, folderOf(root.class)));
    }
    for (const { location, class: itsClass } of directories()) {
      // The folder of a changelog holds no roots, and still shows whose folder it is.
      if (itsClass.job !== null && !unknown.has(itsClass.job)) {
        this.#folders.add(placeId(location, folderAbove(itsClass.base)));
      }
      if (itsClass.job !== null && jobs.has(itsClass.job) && !bases.has(placeId(location, itsClass.base))) {
        for (const pattern of patternsOf(folderAbove(itsClass.base))) this.#patterns.add(placeId(location, pattern));
      }
    }
  }

  /** Whether a folder holds a root's or a known job's directory, or would if its random part were another one. */
  holds(location: number, folder: string): boolean {
    return (
      this.#folders.has(placeId(location, folder)) ||
      patternsOf(folder).some((pattern) => this.#patterns.has(placeId(location, pattern)))
    );
  }
}

/** A folder with each of its parts that may be random left out, but for its length. */
function patternsOf(folder: string): readonly string[] {
  const segments = folder.split('/').slice(0, -1);
  return segments.flatMap((segment, at) =>
    ENTROPY.test(segment) ? [segments.with(at, `*${segment.length}`).join('/')] : [],
  );
}

/** The folder in which a directory lies that holds a root. */
function folderOf({ role, job, base }: DirectoryClass): string {
  return role === 'checkpoint' && job === null ? base : folderAbove(base);
}

/** Of a directory with a closing slash. */
export function folderAbove(directory: string): string {
  return directory.slice(0, directory.lastIndexOf('/', directory.length - 2) + 1);
}

function placeId(location: number, folder: string): string {
  return `${location}:${folder}`;
}
