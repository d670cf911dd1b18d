import type { Directory, ObjectTable } from '#core/inventory/object-table.ts';
import type { DirectoryRole } from '../flink/layout.ts';
import type { Root } from './roots.ts';

/**
 * Job directories without a root, of a job id that has roots in another directory. Job ids are not unique
 * (application mode with high availability fixes them), so two clusters may write under one id, and a checkpoint of
 * the one says nothing of what the other is about to write.
 */

/** Directories that only a checkpoint directory has; a changelog or ForSt prefix of its own holds none of them. */
const CHECKPOINT_ROLES: ReadonlySet<DirectoryRole> = new Set(['checkpoint', 'shared', 'taskowned', 'merged']);
/** What Flink puts in the place of the entropy key. */
export const ENTROPY = /^[A-Za-z0-9]+$/;

/** A directory with the LastModified of its youngest objects, epoch milliseconds; -Infinity where it holds none. */
export interface WrittenDirectory {
  readonly directory: Directory;
  /** LastModified of its oldest object, empty keys included; Infinity where it holds none. */
  readonly firstWrite: number;
  /** Of its files, and of the empty key that marks it where that one counts. */
  readonly lastWrite: number;
  /** Of the files that Flink's state code has written. */
  readonly lastStateFile: number;
  /** Objects in it, except empty keys that mark a folder, and the steward's own. */
  readonly files: number;
}

/** A directory with its own marker, before it is known what that one tells. */
export interface MarkedDirectory extends WrittenDirectory {
  /** LastModified of the empty key that marks it, epoch milliseconds; -Infinity where there is none. */
  readonly lastMarker: number;
}

/** What of an owner nothing shows to be of the jobs whose roots it has. By {@link baseId}, with a time of writing. */
export interface Rootless {
  /** Directories, with the time of the last write into each. */
  readonly directories: ReadonlyMap<string, number>;
  /** Changelogs, with the time of the last write that speaks against counting them as the job's. */
  readonly changelogs: ReadonlyMap<string, number>;
}

const NOTHING: Rootless = { directories: new Map(), changelogs: new Map() };

/** How the directory whose files are judged together is known among those of one owner. */
export function baseId(location: number, base: string): string {
  return `${location}:${base}`;
}

/**
 * Those of one owner.
 *
 * A changelog prefix and the folders of an entropy-injected path hold no roots of their own. They count as a part of
 * the directories with roots, but only where roots show it and nothing speaks against it: two clusters may as well
 * write to `checkpoints/<job>/` and to `checkpoints/eu/<job>/`, each to a changelog prefix of its own or both to one.
 *
 * @param written all directories that hold objects of the owner.
 * @param roots all roots of the owner.
 */
export function rootlessDirectories(
  written: readonly WrittenDirectory[],
  roots: readonly Root[],
  objects: ObjectTable,
): Rootless {
  const withRoots = new Map(roots.map((root) => [baseIdOf(root), root]));
  const isAsked = ({ directory }: WrittenDirectory): boolean =>
    directory.class.role === 'changelog' || !withRoots.has(baseIdOf(directory));
  if (withRoots.size === 0 || !written.some(isAsked)) {
    return NOTHING;
  }
  const named = namedDirectories(roots, objects);
  const entropy = new Entropy(written, named, withRoots);
  const foreign = written
    .filter(({ directory }) => CHECKPOINT_ROLES.has(directory.class.role))
    .filter(({ directory }) => !withRoots.has(baseIdOf(directory)) && !entropy.holds(directory))
    .map(({ directory }) => baseIdOf(directory));
  const directories = lastWrites(written, new Set(foreign));
  const changelogs = foreignChangelogs(written, named.keys(), latest(directories.values()));
  const alone = [...changelogs.unnamed].filter((id) => !withRoots.has(id));
  return { directories: lastWrites(written, new Set([...foreign, ...alone])), changelogs: changelogs.all };
}

/**
 * Changelogs that may be of another cluster than the roots are. One in which no root names a file is. One in which
 * roots do may be the base path of several clusters, so while one of them seems to have no root yet, nobody knows whose
 * a segment is: that one's checkpoints fail, and the first that completes names all its segments, however old.
 *
 * Where the last file of a folder went, S3A puts an empty object in its place. That alone is no changelog.
 *
 * @param others when one of the checkpoint directories without roots was last written to; -Infinity where there is none.
 */
function foreignChangelogs(
  written: readonly WrittenDirectory[],
  named: Iterable<Directory>,
  others: number,
): { readonly all: ReadonlyMap<string, number>; readonly unnamed: ReadonlySet<string> } {
  const ofRoots = new Set([...named].filter(isChangelog).map(baseIdOf));
  const all = new Map<string, number>();
  const unnamed = new Set<string>();
  for (const { directory, lastWrite, files } of written) {
    const id = baseIdOf(directory);
    if (!isChangelog(directory) || files === 0) {
      continue;
    }
    if (!ofRoots.has(id)) {
      unnamed.add(id);
      all.set(id, Math.max(lastWrite, others));
    } else if (others !== Number.NEGATIVE_INFINITY) {
      all.set(id, others);
    }
  }
  return { all, unnamed };
}

function isChangelog({ class: { role } }: Directory): boolean {
  return role === 'changelog';
}

/** By {@link baseId} each directory that holds files which only a checkpoint directory does, once or several times. */
export function checkpointDirectories(written: readonly WrittenDirectory[]): readonly string[] {
  return written
    .filter(({ directory, files }) => CHECKPOINT_ROLES.has(directory.class.role) && files > 0)
    .map(({ directory }) => baseIdOf(directory));
}

/** The time of the last write into each of these. */
function lastWrites(written: readonly WrittenDirectory[], ids: ReadonlySet<string>): ReadonlyMap<string, number> {
  const ofThese = written.filter(({ directory }) => ids.has(baseIdOf(directory)));
  return lastByBase(ofThese, ({ lastWrite }) => lastWrite);
}

/** Directories that hold nothing but empty objects that stand for folders, with the time of the last of those. */
export function markersAlone(written: readonly MarkedDirectory[]): ReadonlyMap<string, number> {
  const holding = new Set(written.filter(({ files }) => files > 0).map(({ directory }) => baseIdOf(directory)));
  const bare = written.filter(({ directory }) => !holding.has(baseIdOf(directory)));
  return lastByBase(bare, ({ lastMarker }) => lastMarker);
}

function lastByBase<T extends WrittenDirectory>(
  written: readonly T[],
  timeOf: (directory: T) => number,
): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const each of written) {
    const id = baseIdOf(each.directory);
    times.set(id, Math.max(times.get(id) ?? Number.NEGATIVE_INFINITY, timeOf(each)));
  }
  return times;
}

/** The largest of some times; an entropy-injected path can have more directories than a call takes arguments. */
export function latest(times: Iterable<number>): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    last = Math.max(last, time);
  }
  return last;
}

type Placed = Pick<Directory, 'location' | 'class'>;

function baseIdOf({ location, class: itsClass }: Placed): string {
  return baseId(location, itsClass.base);
}

/** The directories of which some root names a file, with how many of its files one root names at most. */
function namedDirectories(roots: readonly Root[], objects: ObjectTable): ReadonlyMap<Directory, number> {
  const named = new Map<Directory, number>();
  for (const root of roots) {
    const byThis = new Map<Directory, number>();
    for (const object of root.objects) {
      const directory = objects.directory(object);
      byThis.set(directory, (byThis.get(directory) ?? 0) + 1);
    }
    for (const [directory, count] of byThis) {
      named.set(directory, Math.max(named.get(directory) ?? 0, count));
    }
  }
  return named;
}

/** How many other folders of a kind must hold files that roots name. One may be where the job was before it moved. */
const OTHER_FOLDERS = 2;

/**
 * Folders that entropy seems to have been injected as. With entropy, Flink writes data to `x/<random>/y/<job>/` and the
 * `_metadata` to `x/y/<job>/`: the same path but for one folder of so many letters and digits. Any other folder looks
 * like that too, `prod` where entropy has four letters, so roots must name files in several to show that it is injected.
 * And entropy scatters files evenly: a folder that holds more than the fullest in which roots name files is somebody's.
 *
 * One of which roots name all files shows no other cluster, however few such folders a small job has: nothing in it goes.
 */
class Entropy {
  readonly #roots: readonly Root[];
  /** By {@link baseId}. */
  readonly #folders = new Map<string, { files: number; unnamed: number }>();
  /** By injection the folders of which roots name files, by {@link baseId}, and how many the fullest of them holds. */
  readonly #named = new Map<string, { readonly folders: Set<string>; fullest: number }>();

  constructor(
    written: readonly WrittenDirectory[],
    named: ReadonlyMap<Directory, number>,
    withRoots: ReadonlyMap<string, Root>,
  ) {
    this.#roots = [...withRoots.values()];
    for (const { directory, files } of written) {
      const folder = this.#folder(directory);
      folder.files += files;
      folder.unnamed += files - (named.get(directory) ?? 0);
      this.#folders.set(baseIdOf(directory), folder);
    }
    for (const directory of named.keys()) {
      const id = baseIdOf(directory);
      for (const injection of withRoots.has(id) ? [] : this.#injectionsOf(directory)) {
        const known = this.#named.get(injection) ?? { folders: new Set(), fullest: 0 };
        known.folders.add(id);
        known.fullest = Math.max(known.fullest, this.#folder(directory).files);
        this.#named.set(injection, known);
      }
    }
  }

  /** Whether a directory is in such a folder. */
  holds(directory: Directory): boolean {
    const id = baseIdOf(directory);
    const { files, unnamed } = this.#folder(directory);
    return this.#injectionsOf(directory).some((injection) => {
      const { folders, fullest } = this.#named.get(injection) ?? { folders: new Set(), fullest: 0 };
      const others = folders.size - (folders.has(id) ? 1 : 0);
      const isWhollyNamed = files > 0 && unnamed === 0;
      return isWhollyNamed || (others >= OTHER_FOLDERS && files <= fullest);
    });
  }

  #folder(directory: Directory): { files: number; unnamed: number } {
    return this.#folders.get(baseIdOf(directory)) ?? { files: 0, unnamed: 0 };
  }

  /** Into the paths of which roots it may have been injected, at which folder, and how much of it. */
  #injectionsOf({ location, class: itsClass }: Directory): readonly string[] {
    return this.#roots.flatMap((root) => {
      const injection = location === root.location ? injected(itsClass.base, root.class.base) : null;
      return injection === null ? [] : [`${baseIdOf(root)}\n${injection}`];
    });
  }
}

/** At which folder, and of which length; null where the one path is not the other with a folder put in. */
function injected(base: string, ofRoots: string): string | null {
  const folders = base.split('/');
  const expected = ofRoots.split('/');
  const at = folders.findIndex((folder, index) => folder !== expected[index]);
  const entropy = folders.splice(at, 1).join('');
  return folders.join('/') === ofRoots && ENTROPY.test(entropy) ? `${at}:${entropy.length}` : null;
}
