import type { Evidence } from '../collect/evidence.ts';
import { isRestorePoint, isUsable, type Root } from '../collect/roots.ts';
import { METADATA_NAME } from '../flink/names.ts';
import type { GroupedRoot, GroupedRoots, RetentionGroup } from './groups.ts';
import { type Keep, limitsFor, type RetentionInput } from './policy.ts';
import type { RootKind } from './root-kind.ts';
import { type StartingJob, startingJobs } from './starting-jobs.ts';

/** All that a run knows when it decides on roots; fixed before the first is decided on. */
export interface RetentionContext {
  readonly evidence: Evidence;
  readonly minRestorePoints: number;
  readonly running: ReadonlySet<string>;
  /** The last folders of the snapshots that running jobs were restored from: one folder of each, and two. */
  readonly restoredFrom: ReadonlySet<string>;
  /** Jobs that may run on any snapshot of the area. */
  readonly startingJobs: readonly StartingJob[];
}

/** The root under decision, with what every rule asks of it. */
export interface RetentionSubject extends GroupedRoot {
  readonly group: RetentionGroup;
  readonly timesDistrusted: string | null;
  /** The limits that its policy sets; null without a policy. */
  readonly limits: Keep | null;
  /** How many of its kind and group are newer, and nothing in the area keeps Flink from starting from them. */
  readonly newer: number;
  /** How many verified restore points of its group are newer, by kind. */
  readonly newerRestorePoints: Readonly<Record<RootKind, number>>;
  /** How many checkpoints of its group are verified restore points. */
  readonly restorePoints: number;
}

/** Gathers what the rules of retention ask about the run as a whole. */
export function contextOf(evidence: Evidence, input: RetentionInput): RetentionContext {
  // A savepoint may have been named by its file as well as by its directory.
  const paths = [...input.restoredFrom].map((path) => foldersOf(path).filter((folder) => folder !== METADATA_NAME));
  return {
    evidence,
    minRestorePoints: input.minRestorePoints,
    running: input.running,
    restoredFrom: new Set(paths.flatMap((path) => [lastFolders(path, 1), lastFolders(path, 2)])),
    startingJobs: startingJobs(evidence),
  };
}

/** The roots of one group, newest first, each with its place among the others. */
export function subjectsOf(
  { group, members, timesDistrusted }: GroupedRoots,
  { policies }: Pick<RetentionInput, 'policies'>,
): readonly RetentionSubject[] {
  const restorePoints = members.filter(({ root, kind }) => kind === 'checkpoint' && isRestorePoint(root)).length;
  const newer: Record<RootKind, number> = { checkpoint: 0, savepoint: 0, stray: 0 };
  const newerRestorePoints = { ...newer };
  return members.map((member) => {
    const { root, kind } = member;
    const subject = {
      ...member,
      group,
      timesDistrusted,
      limits: limitsFor(root, kind, policies),
      newer: newer[kind],
      newerRestorePoints: { ...newerRestorePoints },
      restorePoints,
    };
    newer[kind] += Number(isUsable(root));
    newerRestorePoints[kind] += Number(isRestorePoint(root));
    return subject;
  });
}

/**
 * How a root's directory ends: enough to know it again under another scheme, an alias or an entropy key. `chk-7`
 * alone would be that of every job.
 */
export function endOf({ directory, class: itsClass }: Root): string {
  return lastFolders(foldersOf(directory), itsClass.role === 'checkpoint' ? 2 : 1);
}

function foldersOf(path: string): readonly string[] {
  return path.split('/').filter((folder) => folder !== '');
}

function lastFolders(folders: readonly string[], number: number): string {
  return folders.slice(-number).join('/');
}
