import { checkpointNumber } from '../flink/names.ts';
import type { Memory } from './memory.ts';
import { baseId, type MarkedDirectory, type WrittenDirectory } from './rootless-directories.ts';
import type { Root } from './roots.ts';

/**
 * Which empty keys that mark a folder are writes of a job. S3A puts them where Flink makes a directory, and also where
 * the last file of a directory went: when a successor deletes in the directories of a job that is dead.
 *
 * Where a directory holds nothing else and never did, they are all that a starting job shows. Elsewhere those count that
 * no deletion explains: of a checkpoint that was never complete there, and of the two folders that a JobManager makes at
 * its start. A deletion leaves one in `chk-N/` only where checkpoint N was, and in one folder at a time.
 */

/** Milliseconds between the two folders that a JobManager makes at its start, at most. */
const MOST_APART = 60_000;

/** What tells deletions from writes. */
export interface MarkerFacts {
  /** All directories that hold objects of one owner. Of their `lastWrite` the markers are no part yet. */
  readonly directories: readonly MarkedDirectory[];
  /** All roots of that owner. */
  readonly roots: readonly Root[];
  readonly memory: Pick<Memory, 'remembered'>;
}

/** The same directories; their last writes include the markers that count. */
export function withMarkers({ directories, roots, memory }: MarkerFacts): readonly WrittenDirectory[] {
  if (!directories.some(({ lastMarker }) => lastMarker !== Number.NEGATIVE_INFINITY)) {
    return directories;
  }
  const bases = new Map<string, Base>();
  for (const written of directories) {
    const { location, class: itsClass } = written.directory;
    const id = baseId(location, itsClass.base);
    const base = bases.get(id) ?? baseOf(location, itsClass.base, roots, memory);
    base.holds ||= written.files > 0;
    if (itsClass.role === 'shared') base.shared = written.lastMarker;
    if (itsClass.role === 'taskowned') base.taskowned = written.lastMarker;
    bases.set(id, base);
  }
  return directories.map((written) => {
    const { location, class: itsClass } = written.directory;
    const base = bases.get(baseId(location, itsClass.base));
    return base === undefined || isWrite(written, base)
      ? { ...written, lastWrite: Math.max(written.lastWrite, written.lastMarker) }
      : written;
  });
}

interface Base {
  /** Whether it holds or held files or roots. */
  holds: boolean;
  /** Of the checkpoints that are or were complete here. */
  readonly numbers: ReadonlySet<bigint>;
  /** When the two folders of a start were marked. */
  shared: number;
  taskowned: number;
}

function baseOf(location: number, key: string, roots: readonly Root[], memory: MarkerFacts['memory']): Base {
  const here = roots.filter((root) => root.location === location && root.class.base === key);
  const remembered = memory.remembered(location, key);
  const numbers = [
    ...here.map((root) => root.class.checkpoint),
    ...(remembered?.roots ?? []).map(({ name }) => checkpointNumber(name)),
  ];
  return {
    holds: here.length > 0 || remembered !== null,
    numbers: new Set(numbers.filter((number) => number !== null)),
    shared: Number.NEGATIVE_INFINITY,
    taskowned: Number.NEGATIVE_INFINITY,
  };
}

function isWrite({ directory: { class: itsClass } }: MarkedDirectory, base: Base): boolean {
  if (!base.holds) {
    return true;
  }
  switch (itsClass.role) {
    case 'checkpoint':
      return itsClass.checkpoint !== null && !base.numbers.has(itsClass.checkpoint);
    case 'shared':
    case 'taskowned':
      return Math.abs(base.shared - base.taskowned) <= MOST_APART;
    default:
      return false;
  }
}
