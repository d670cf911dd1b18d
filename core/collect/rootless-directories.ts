import type { Directory } from '../area/object-table.ts';
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
 * @param directories all that hold objects of the owner.
 * @param roots all roots of the owner.
 */
export function rootlessDirectories(
  directories: readonly WrittenDirectory[],
  roots: readonly Root[],
): ReadonlyMap<string, number> {
  const rootless = new Map<string, number>();
  const withRoots = new Map(roots.map((root) => [baseId(root.location, root.class.base), root]));
  for (const { directory } of withRoots.size === 0 ? [] : directories) {
    const { location, class: itsClass } = directory;
    const id = baseId(location, itsClass.base);
    const isSibling = (root: Root): boolean =>
      root.location === location && isEntropySibling(itsClass.base, root.class.base);
    if (CHECKPOINT_ROLES.has(itsClass.role) && !withRoots.has(id) && ![...withRoots.values()].some(isSibling)) {
      rootless.set(id, Number.NEGATIVE_INFINITY);
    }
  }
  for (const { directory, lastWrite } of directories) {
    const id = baseId(directory.location, directory.class.base);
    const known = rootless.get(id);
    if (known !== undefined) {
      rootless.set(id, Math.max(known, lastWrite));
    }
  }
  return rootless;
}

/**
 * With entropy, Flink writes data to `x/<random>/y/<job>/` and the `_metadata` to `x/y/<job>/`: the same path but for
 * one folder of letters and digits.
 */
function isEntropySibling(base: string, ofRoots: string): boolean {
  const folders = base.split('/');
  const expected = ofRoots.split('/');
  const at = folders.findIndex((folder, index) => folder !== expected[index]);
  const injected = folders.splice(at, 1).join('');
  return folders.join('/') === ofRoots && ENTROPY.test(injected);
}
