import { BitColumn } from '#core/inventory/columns.ts';
import type { ObjectTable } from '#core/inventory/object-table.ts';
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
  const namedBeside: number[] = [];
  const named: number[] = [];
  const beside: number[] = [];
  const below: number[] = [];
  let left = 0;
  for (let object = 0; object < objects.size; object++) {
    if (unknown.has(object) && isReadable(objects, object)) {
      const { path, class: itsClass } = objects.directory(object);
      const isBeside = itsClass.role !== 'plain' || holdsFlinkFiles.has(objects.directoryId(object));
      const isNear = isBeside || isBelowFlink(path);
      // A table format names thousands of its own files so.
      const isNamed = isNamedSo(objects.name(object));
      const list = isNamed && isNear ? namedBeside : isNamed ? named : isBeside ? beside : isNear ? below : null;
      if (list !== null) {
        if (list.length < most) list.push(object);
        else left++;
      }
    }
  }
  const all = [...namedBeside, ...named, ...beside, ...below];
  return { objects: all.slice(0, most), left: left + Math.max(0, all.length - most) };
}

/** Whether an object is one that the deployed roles may read. */
export function isNamedSo(name: string): boolean {
  return name.includes(PART_OF_NAME);
}

function isReadable(objects: ObjectTable, object: number): boolean {
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
