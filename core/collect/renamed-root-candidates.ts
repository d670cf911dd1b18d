import { BitColumn } from '#core/inventory/columns.ts';
import type { Directory, ObjectTable } from '#core/inventory/object-table.ts';
import { checkpointNumber, isJobId, savepointJobPrefix } from '../flink/names.ts';
import { MARKER_NAME } from './marker-name.ts';

/**
 * Objects that may be a root under another name than `_metadata`: Flink restores from any path, and people keep a
 * checkpoint by giving its `_metadata` another name. Whether one is a root its first bytes tell; here are those that are
 * worth a look.
 */

/** The numbers that a `_metadata` begins with, so that anything shorter is none. */
const LEAST_BYTES = 8;
const PART_OF_NAME = 'metadata';

/** Objects that are worth a look. */
export interface Candidates {
  /** The likeliest first. */
  readonly objects: readonly number[];
  /** How many there are besides. */
  readonly left: number;
}

/**
 * The objects of unknown name that lie in a job, checkpoint or savepoint directory, or beside files with Flink's names,
 * or whose own name contains `metadata`.
 *
 * @param most so many are returned. Always the same ones for the same objects: who remembers what these are need not
 * remember more.
 */
export function renamedRootCandidates(objects: ObjectTable, most: number): Candidates {
  const holdsFlinkFiles = new BitColumn();
  const unknown = new BitColumn();
  for (let object = 0; object < objects.size; object++) {
    // Nearly all bear a UUID, which spares the question for the kind.
    const kind = objects.hasUuidName(object) ? 'state' : objects.kind(object);
    if (kind === 'unknown') {
      unknown.add(object);
    } else if (kind !== 'marker') {
      holdsFlinkFiles.add(objects.directoryId(object));
    }
  }
  const gathered = new GatheredCandidates<number>(most);
  for (let object = 0; object < objects.size; object++) {
    if (unknown.has(object) && isReadable(objects, object)) {
      const directory = objects.directory(object);
      const holdsFiles = holdsFlinkFiles.has(objects.directoryId(object));
      gathered.add(object, interestOf(directory, objects.name(object), holdsFiles));
    }
  }
  const { found, left } = gathered.end();
  return { objects: found, left };
}

/** Why an object of unknown name is worth a look, the best reason first. */
export const INTERESTS = ['named-beside', 'named', 'beside', 'below'] as const;
/** One of these reasons. */
export type Interest = (typeof INTERESTS)[number];

/**
 * Why an object of unknown name is worth a look; null where it is not.
 *
 * @param holdsFlinkFiles whether files with Flink's names lie beside it.
 */
export function interestOf(
  { path, class: itsClass }: Pick<Directory, 'path' | 'class'>,
  name: string,
  holdsFlinkFiles: boolean,
): Interest | null {
  const isBeside = itsClass.role !== 'plain' || holdsFlinkFiles;
  const isNear = isBeside || isBelowFlink(path);
  // A table format names thousands of its own files so.
  if (isNamedSo(name)) return isNear ? 'named-beside' : 'named';
  if (isBeside) return 'beside';
  return isNear ? 'below' : null;
}

/** Candidates in the order in which they are looked at, as many as are wanted. */
export class GatheredCandidates<T> {
  readonly #most: number;
  readonly #byInterest = new Map<Interest, T[]>();
  #left = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @param interest null for what is no candidate. */
  add(candidate: T, interest: Interest | null): void {
    if (interest === null) return;
    const list = this.#byInterest.get(interest) ?? [];
    this.#byInterest.set(interest, list);
    if (list.length < this.#most) list.push(candidate);
    else this.#left++;
  }

  /** The likeliest first, and how many there are besides. */
  end(): { readonly found: readonly T[]; readonly left: number } {
    const all = INTERESTS.flatMap((interest) => this.#byInterest.get(interest) ?? []);
    return { found: all.slice(0, this.#most), left: this.#left + Math.max(0, all.length - this.#most) };
  }
}

/** Whether an object is one that the deployed roles may read. */
export function isNamedSo(name: string): boolean {
  return name.includes(PART_OF_NAME);
}

/** Whether an object of unknown name can be a root at all. */
export function isReadable(objects: ObjectTable, object: number): boolean {
  return (
    objects.special(object) === undefined &&
    objects.bytes(object) >= LEAST_BYTES &&
    objects.name(object) !== MARKER_NAME
  );
}

/** Whether a folder lies somewhere in a job, checkpoint or savepoint directory. */
function isBelowFlink(path: string): boolean {
  return path
    .split('/')
    .some((folder) => isJobId(folder) || checkpointNumber(folder) !== null || savepointJobPrefix(folder) !== null);
}
