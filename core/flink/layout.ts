import {
  checkpointNumber,
  isForStDirectory,
  isHighAvailabilityKey,
  isJobId,
  isMergedDirectory,
  isUuid,
  METADATA_NAME,
  savepointJobPrefix,
} from './names.ts';

/**
 * What Flink (1.8 to 2.3) writes where. A key is judged by the tail of its directory, so any number of folders may
 * come before: checkpoint directories, regions, the random part of an entropy-injected path.
 */

/** What kind of Flink object a key is. */
export const OBJECT_KINDS = [
  'metadata',
  'exclusive',
  'shared',
  'taskowned',
  'changelog',
  'merged',
  'forst',
  'savepoint',
  'ha',
  'marker',
  'unknown',
] as const;
/** What an object is, by its key alone. */
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** The role of a directory. `plain` is every directory that Flink's names don't tell. */
export type DirectoryRole =
  | 'checkpoint'
  | 'shared'
  | 'taskowned'
  | 'changelog'
  | 'merged'
  | 'forst'
  | 'savepoint'
  | 'job'
  | 'plain';

/** What a directory is, by its path alone. */
export interface DirectoryClass {
  readonly role: DirectoryRole;
  /** 32 hex digits, or null where the path doesn't tell (`create-subdir: false`, savepoints, foreign folders). */
  readonly job: string | null;
  /**
   * The directory, with closing slash, whose files are judged together: the job directory, or without one the
   * checkpoint directory that several jobs share; of a savepoint its own directory.
   */
  readonly base: string;
  /** N of a `chk-N` directory. */
  readonly checkpoint: bigint | null;
  /** First six hex digits of the job that wrote a savepoint, where its name tells. */
  readonly savepointOf: string | null;
}

/**
 * Tells the role of a directory.
 *
 * @param directory a key prefix, empty or with a closing slash.
 */
export function classifyDirectory(directory: string): DirectoryClass {
  const segments = directory.split('/').slice(0, -1);
  if (segments.some(isNotNormal)) {
    return plainDirectory(directory, null);
  }
  const depth = segments.length;
  const forst = segments.findIndex((segment, at) => isForStDirectory(segment, segments[at - 1]));
  if (forst !== -1) {
    return forstDirectory(segments, forst);
  }
  const last = segments[depth - 1];
  const parent = segments[depth - 2];
  const number = checkpointNumber(last);
  if (number !== null) {
    return { ...below(segments, 1, 'checkpoint'), checkpoint: number };
  }
  if (isMergedDirectory(last, parent)) {
    return below(segments, 2, 'merged');
  }
  if (last === 'shared' || last === 'taskowned') {
    return below(segments, 1, last);
  }
  // The changelog always gets a job directory of its own, whatever `create-subdir` says.
  if (last === 'dstl' && isJobId(parent)) {
    return below(segments, 1, 'changelog');
  }
  if (isJobId(last)) {
    return below(segments, 0, 'job');
  }
  return plainDirectory(directory, savepointJobPrefix(last));
}

/** Flink normalises every path, so a key with such a segment was not written by it, and no reference can name it. */
function isNotNormal(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..' || segment.includes('\\');
}

function plainDirectory(directory: string, savepointOf: string | null): DirectoryClass {
  const role = savepointOf === null ? 'plain' : 'savepoint';
  return { role, job: null, base: directory, checkpoint: null, savepointOf };
}

/** The directory of a key. */
export interface KeyDirectory {
  /** With a closing slash; empty at the top. */
  readonly path: string;
  readonly class: DirectoryClass;
  /** Whether it holds a `_metadata` too: savepoints may lie under any name. */
  readonly holdsRoot: boolean;
}

/**
 * Tells what kind of object a key is.
 *
 * @param name the part of the key after its last slash; empty for a directory marker.
 * @param bytes a marker has none: a key that ends in a slash and has content is somebody's data.
 */
export function classifyObject(
  { path, class: directory, holdsRoot }: KeyDirectory,
  name: string,
  bytes: number,
): ObjectKind {
  if (name === '') {
    return bytes === 0 ? 'marker' : 'unknown';
  }
  if (name === METADATA_NAME) {
    return 'metadata';
  }
  if (isUuid(name)) {
    return kindOfStateFile(directory, holdsRoot);
  }
  if (directory.role === 'forst') {
    return 'forst';
  }
  return isHighAvailabilityKey(`${path}${name}`) ? 'ha' : 'unknown';
}

/** Tells what kind of object one with a UUID for a name is: {@link classifyObject} for nearly all objects. */
export function kindOfStateFile({ role }: DirectoryClass, holdsRoot: boolean): ObjectKind {
  switch (role) {
    case 'checkpoint':
      return 'exclusive';
    case 'shared':
    case 'taskowned':
    case 'changelog':
    case 'merged':
    case 'forst':
    case 'savepoint':
      return role;
    case 'job':
    case 'plain':
      return holdsRoot ? 'savepoint' : 'unknown';
  }
}

/** A directory that lies `levels` below the job directory, or below a checkpoint directory shared by jobs. */
function below(segments: readonly string[], levels: number, role: DirectoryRole): DirectoryClass {
  const base = segments.slice(0, segments.length - levels);
  const owner = base.at(-1);
  return {
    role,
    job: isJobId(owner) ? owner : null,
    base: base.length === 0 ? '' : `${base.join('/')}/`,
    checkpoint: null,
    savepointOf: null,
  };
}

/** `<job>/shared/op_…_attempt_N/…`, or `<primary-dir>/<job>/op_…_attempt_N/…` where a primary directory is set. */
function forstDirectory(segments: readonly string[], at: number): DirectoryClass {
  const end = segments[at - 1] === 'shared' ? at - 1 : at;
  return below(segments, segments.length - end, 'forst');
}
