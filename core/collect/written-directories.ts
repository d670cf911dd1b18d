import type { Directory, ObjectTable } from '#core/inventory/object-table.ts';
import type { DirectoryRole } from '../flink/layout.ts';
import { isStewardsOwn } from './marker-name.ts';
import type { MarkedDirectory } from './rootless-directories.ts';

/** When the directories of a listing were written to. Of a directory in several parts of a listing these facts add up. */

/** Where a file with a UUID for a name is a job's state. */
const STATE_ROLES: ReadonlySet<DirectoryRole> = new Set([
  'checkpoint',
  'shared',
  'taskowned',
  'changelog',
  'merged',
  'forst',
]);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Every directory that holds an object, by its id in the table. */
export function writtenDirectories(objects: ObjectTable): ReadonlyMap<number, MarkedDirectory> {
  const written = new Map<number, Mutable<MarkedDirectory>>();
  for (const { directory, directoryId, first, count } of objects.stretches()) {
    const known = written.get(directoryId) ?? unwritten(directory);
    written.set(directoryId, known);
    for (let object = first; object < first + count; object++) note(objects, object, known);
  }
  return written;
}

function unwritten(directory: Directory): Mutable<MarkedDirectory> {
  const none = Number.NEGATIVE_INFINITY;
  return { directory, firstWrite: -none, lastWrite: none, lastMarker: none, lastStateFile: none, files: 0 };
}

function note(objects: ObjectTable, object: number, known: Mutable<MarkedDirectory>): void {
  const modified = objects.modified(object);
  known.firstWrite = Math.min(known.firstWrite, modified);
  // Nearly all bear a UUID, which spares the question for the kind.
  const kind = objects.hasUuidName(object) ? 'state' : objects.kind(object);
  if (kind === 'marker') {
    known.lastMarker = Math.max(known.lastMarker, modified);
  } else if (kind !== 'unknown' || !isStewardsOwn(objects.name(object))) {
    known.lastWrite = Math.max(known.lastWrite, modified);
    known.files++;
    if (kind === 'forst' || (kind === 'state' && STATE_ROLES.has(known.directory.class.role))) {
      known.lastStateFile = Math.max(known.lastStateFile, modified);
    }
  }
}

/** What two parts of a listing tell of one directory. */
export function addWritten(a: MarkedDirectory, b: MarkedDirectory): MarkedDirectory {
  return {
    directory: a.directory,
    firstWrite: Math.min(a.firstWrite, b.firstWrite),
    lastWrite: Math.max(a.lastWrite, b.lastWrite),
    lastMarker: Math.max(a.lastMarker, b.lastMarker),
    lastStateFile: Math.max(a.lastStateFile, b.lastStateFile),
    files: a.files + b.files,
  };
}
