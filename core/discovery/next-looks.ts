import { isJobId } from '../flink/names.ts';
import { type FolderLook, traitsOf } from './folder-look.ts';
import { nameOf } from './sites.ts';

/** Which folders are worth a look, after one was looked at. */

/** A folder to look at. */
export interface NextLook {
  readonly path: string;
  /** The lower, the sooner. */
  readonly rank: number;
}

/** The folders below one that are worth a look, and how many were left out. */
export interface NextLooks {
  readonly looks: readonly NextLook[];
  readonly leftOut: number;
}

/** So many job directories of one folder are looked into. */
export const MOST_JOBS = 24;
/** So many folders whose names tell nothing are all looked into; of more, so many. */
const FEW_FOLDERS = 40;
const SOME_FOLDERS = 20;
/** Deeper than any configuration of Flink that is known. */
const DEEPEST = 12;

const RANKS = { job: 0, telling: 1, other: 2, partition: 3 } as const;

/** Names that people give to folders of Flink's state. */
const TELLING =
  /flink|checkpoint|chkp|savepoint|state|recovery|changelog|dstl|^ha$|high-?availability|^blob$|_entropy_/i;
/** Partitions of tables: `dt=2026-01-01`, `year=2026`. */
const PARTITION = /^[\w.-]+=/;

/** Decides where to look next. */
export function nextLooks(look: FolderLook): NextLooks {
  const { content, savepoints, checkpoints, results } = traitsOf(look);
  const isBlobs = nameOf(look.path) === 'blob';
  // Below a job directory there are data files only, millions of them.
  if (content !== null || isBlobs || look.path.split('/').length > DEEPEST) return { looks: [], leftOut: 0 };
  const own = new Set([...savepoints, ...checkpoints, ...results]);
  const groups = { job: [], telling: [], other: [], partition: [] } as Record<keyof typeof RANKS, string[]>;
  for (const name of look.folders) {
    if (!own.has(name)) groups[groupOf(name)].push(name);
  }
  const chosen = {
    job: spread(groups.job, MOST_JOBS),
    telling: fewOf(groups.telling),
    other: fewOf(groups.other),
    partition: spread(groups.partition, 2),
  };
  const looks = Object.entries(chosen).flatMap(([group, names]) =>
    names.map((name) => ({ path: `${look.path}${name}/`, rank: RANKS[group as keyof typeof RANKS] })),
  );
  // Of partitions of a table the first and the last tell of all.
  const leftOut = groups.telling.length + groups.other.length - chosen.telling.length - chosen.other.length;
  return { looks, leftOut };
}

function groupOf(name: string): keyof typeof RANKS {
  if (isJobId(name)) return 'job';
  if (TELLING.test(name)) return 'telling';
  return PARTITION.test(name) ? 'partition' : 'other';
}

function fewOf(names: readonly string[]): readonly string[] {
  return names.length <= FEW_FOLDERS ? names : spread(names, SOME_FOLDERS);
}

/** So many of a list, evenly spread over it, the first and the last among them. */
export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const step = (all.length - 1) / (most - 1);
  const chosen = Array.from({ length: most }, (_, at) => Math.round(at * step));
  return all.filter((_, at) => chosen.includes(at));
}
