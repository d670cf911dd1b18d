import type { Directory, ObjectTable } from '../area/object-table.ts';
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
const ENTROPY = /^[A-Za-z0-9]+$/;

/** A directory with the LastModified of its youngest object, epoch milliseconds. */
export interface WrittenDirectory {
  readonly directory: Directory;
  readonly lastWrite: number;
}

/** How the directory whose files are judged together is known among those of one owner. */
export function baseId(location: number, base: string): string {
  return `${location}:${base}`;
}

/**
 * Those of one owner, with the time of the last write into each.
 *
 * A changelog prefix and the folders of an entropy-injected path hold no roots of their own. They count as a part of
 * the directories with roots, but only where nothing speaks against it: two clusters of one job id may as well
 * write to `checkpoints/<job>/` and to `checkpoints/eu/<job>/`, or each to a changelog prefix of its own.
 *
 * @param directories all that hold objects of the owner.
 * @param roots all roots of the owner.
 */
export function rootlessDirectories(
  directories: readonly WrittenDirectory[],
  roots: readonly Root[],
  objects: ObjectTable,
): ReadonlyMap<string, number> {
  const rootless = new Map<string, number>();
  const withRoots = new Map(roots.map((root) => [baseIdOf(root), root]));
  const without =
    withRoots.size === 0 ? [] : directories.filter(({ directory }) => !withRoots.has(baseIdOf(directory)));
  if (without.length > 0) {
    const named = namedDirectories(roots, objects);
    const entropies = injections([...named.values()], withRoots.values());
    const changelogs = new Set(
      directories
        .filter(({ directory }) => directory.class.role === 'changelog')
        .map(({ directory }) => baseIdOf(directory)),
    );
    for (const { directory } of without) {
      const id = baseIdOf(directory);
      const isForeign =
        directory.class.role === 'changelog'
          ? changelogs.size > 1 && !named.has(id)
          : CHECKPOINT_ROLES.has(directory.class.role) &&
            ![...injections([directory], withRoots.values())].some((injection) => entropies.has(injection));
      if (isForeign) {
        rootless.set(id, Number.NEGATIVE_INFINITY);
      }
    }
  }
  for (const { directory, lastWrite } of directories) {
    const id = baseIdOf(directory);
    const known = rootless.get(id);
    if (known !== undefined) {
      rootless.set(id, Math.max(known, lastWrite));
    }
  }
  return rootless;
}

type Placed = Pick<Directory, 'location' | 'class'>;

function baseIdOf({ location, class: itsClass }: Placed): string {
  return baseId(location, itsClass.base);
}

/** The directories of which some root names a file, one for each base. */
function namedDirectories(roots: readonly Root[], objects: ObjectTable): ReadonlyMap<string, Placed> {
  const named = new Map<string, Placed>();
  const seen = new Set<number>();
  for (const root of roots) {
    for (const object of root.objects) {
      const id = objects.directoryId(object);
      if (!seen.has(id)) {
        seen.add(id);
        named.set(baseIdOf(objects.directory(object)), objects.directory(object));
      }
    }
  }
  return named;
}

/**
 * Where entropy seems to have been injected into the paths of these roots, and how much of it. With entropy, Flink
 * writes data to `x/<random>/y/<job>/` and the `_metadata` to `x/y/<job>/`: the same path but for one folder of so
 * many letters and digits. Any other folder looks like that too, so a root must name files in such a place to show it.
 */
function injections(directories: readonly Placed[], roots: Iterable<Placed>): ReadonlySet<string> {
  const found = new Set<string>();
  const ofRoots = [...roots];
  for (const directory of directories) {
    for (const root of ofRoots) {
      const injection = directory.location === root.location ? injected(directory.class.base, root.class.base) : null;
      if (injection !== null) {
        found.add(`${baseIdOf(root)}\n${injection}`);
      }
    }
  }
  return found;
}

/** At which folder, and of which length; null where the one path is not the other with a folder put in. */
function injected(base: string, ofRoots: string): string | null {
  const folders = base.split('/');
  const expected = ofRoots.split('/');
  const at = folders.findIndex((folder, index) => folder !== expected[index]);
  const entropy = folders.splice(at, 1).join('');
  return folders.join('/') === ofRoots && ENTROPY.test(entropy) ? `${at}:${entropy.length}` : null;
}
