import { accessPointOf } from '../area/access-points.ts';
import { type Mapping, movedBack } from '../area/area.ts';
import { classifyDirectory } from '../flink/layout.ts';
import { type Place, printPlace } from '../flink/state-path.ts';
import { folderOf, type SampledRoot } from './sampled-root.ts';

/**
 * Whether what was found here is known under another name: a copy, a replica, a mount, an access point. References tell: they
 * name files of a job whose directory is here by a path that differs at its beginning.
 */

/** A name under which this place may be known, and files of this place that prove it if they exist. */
export interface PossibleName {
  /** From the name in references to the name here. */
  readonly mapping: Mapping;
  readonly proofs: readonly Place[];
}

const MOST_PROOFS = 6;

/**
 * The other names that the roots make likely, the likeliest first. Each still needs a proof: a changelog base and folders of
 * random names look alike.
 *
 * @param jobDirectories the directories of jobs that are here, with a key that ends in a slash.
 */
export function possibleNames(
  roots: readonly SampledRoot[],
  jobDirectories: readonly Place[],
): readonly PossibleName[] {
  const byJob = new Map<string, Place[]>();
  for (const directory of jobDirectories) {
    const { job } = classifyDirectory(directory.key);
    if (job !== null) byJob.set(job, [...(byJob.get(job) ?? []), directory]);
  }
  const possible = new Map<string, { mapping: Mapping; proofs: Place[]; files: number }>();
  for (const { root, folders } of roots) {
    const own = { store: root.store, key: classifyDirectory(folderOf(root.key)).base };
    for (const { folder, files, example } of folders) {
      const mapping = accessPointMapping(folder, root) ?? jobMapping(folder, own, byJob);
      if (mapping === null) continue;
      const id = `${printPlace(mapping.from)}\n${printPlace(mapping.to)}`;
      const known = possible.get(id) ?? { mapping, proofs: [], files: 0 };
      possible.set(id, known);
      known.files += files;
      const proof = movedInto(example, mapping);
      if (proof !== null && known.proofs.length < MOST_PROOFS) known.proofs.push(proof);
    }
  }
  return [...possible.values()].sort((a, b) => b.files - a.files);
}

/** An access point leads to a bucket, and changes no key. So no job directory is needed to tell what it may lead to. */
function accessPointMapping(folder: Place, root: Place): Mapping | null {
  const point = folder.store === root.store ? null : accessPointOf(printPlace(folder));
  return point === null
    ? null
    : {
        from: { store: folder.store, key: point.name.slice(folder.store.length + 1) },
        to: { store: root.store, key: '' },
      };
}

function jobMapping(folder: Place, own: Place, byJob: ReadonlyMap<string, readonly Place[]>): Mapping | null {
  const { job, base } = classifyDirectory(folder.key);
  const named = { store: folder.store, key: base };
  const here = job === null ? ownWithoutJob(named, own) : directoryLike(named, own, byJob.get(job) ?? []);
  return here === null ? null : mappingBetween(named, here);
}

/** Where no job id tells what is meant: jobs that share one folder, and savepoints. */
function ownWithoutJob(named: Place, own: Place): Place | null {
  const isOther = named.store !== own.store || named.key !== own.key;
  return isOther && classifyDirectory(own.key).job === null ? own : null;
}

/** A place by its name here. */
export function movedInto(place: Place, { from, to }: Mapping): Place | null {
  return movedBack(place, { from: to, to: from });
}

/**
 * The directory here that a reference may mean by another name. Within one store that is the root's own alone: a copy of a
 * job beside its original, whose roots name the original.
 */
function directoryLike(named: Place, own: Place, ofJob: readonly Place[]): Place | null {
  if (named.store === own.store) {
    const isCopy = named.key !== own.key && lastFolder(named.key) === lastFolder(own.key);
    return isCopy ? own : null;
  }
  return ofJob.toSorted((a, b) => sharedEnd(named, b) - sharedEnd(named, a)).at(0) ?? null;
}

function sharedEnd(one: Place, other: Place): number {
  return foldersOf(one.key).length - foldersOf(mappingBetween(one, other).from.key).length;
}

/** Without the folders that both have in common at their ends. */
function mappingBetween(from: Place, to: Place): Mapping {
  const [there, here] = [foldersOf(from.key), foldersOf(to.key)];
  while (there.length > 0 && here.length > 0 && there.at(-1) === here.at(-1)) {
    there.pop();
    here.pop();
  }
  return { from: { store: from.store, key: there.join('/') }, to: { store: to.store, key: here.join('/') } };
}

function lastFolder(key: string): string | undefined {
  return foldersOf(key).at(-1);
}

function foldersOf(key: string): string[] {
  return key.split('/').filter((folder) => folder !== '');
}
