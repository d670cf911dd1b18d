import type { FormerRun } from '../collect/former-runs.ts';
import { isRestorePoint, isUsable, type Root } from '../collect/roots.ts';
import { METADATA_NAME } from '../flink/names.ts';
import type { RetentionEvidence } from './evidence.ts';
import type { GroupedRoot, GroupedRoots, RetentionGroup } from './groups.ts';
import { type Keep, limitsFor, type RetentionInput, type RetireWord } from './policy.ts';
import type { RootKind } from './root-kind.ts';
import { type StartingJob, startingJobs } from './starting-jobs.ts';
import { Successors } from './successors.ts';

/** All that a run knows when it decides on roots; fixed before the first is decided on. */
export interface RetentionContext {
  readonly evidence: RetentionEvidence;
  readonly minRestorePoints: number;
  readonly running: ReadonlySet<string>;
  /** The last folders of the snapshots that running jobs were restored from: one folder of each, and two. */
  readonly restoredFrom: ReadonlySet<string>;
  /** Jobs that may run on any snapshot of the area. */
  readonly startingJobs: readonly StartingJob[];
  readonly successors: Successors;
}

/** The root under decision, with what every rule asks of it. */
export interface RetentionSubject extends GroupedRoot {
  readonly group: RetentionGroup;
  readonly timesDistrusted: string | null;
  /** The limits that its policy sets; null without a policy. */
  readonly limits: Keep | null;
  /** What the operator says of its directory in place of the policy; null where nothing. */
  readonly word: RetireWord | null;
  /** How many of its kind and group are newer, and nothing in the area keeps Flink from starting from them. */
  readonly newer: number;
  /** How many verified restore points of its group are newer, by kind. */
  readonly newerRestorePoints: Readonly<Record<RootKind, number>>;
  /** How many checkpoints of its group are verified restore points. */
  readonly restorePoints: number;
  /** The former run of its job that it is of, under the same id; null where it is of none. */
  readonly formerRun: FormerRun | null;
  /** How many verified restore points of that former run are newer. */
  readonly newerOfFormerRun: number;
}

/** Gathers what the rules of retention ask about the run as a whole. */
export function contextOf(evidence: RetentionEvidence, input: RetentionInput): RetentionContext {
  // A savepoint may have been named by its file as well as by its directory.
  const successors = new Successors(evidence);
  const paths = [...input.restoredFrom].map((path) => foldersOf(path).filter((folder) => folder !== METADATA_NAME));
  return {
    evidence,
    minRestorePoints: input.minRestorePoints,
    running: input.running,
    restoredFrom: new Set(paths.flatMap((path) => [lastFolders(path, 1), lastFolders(path, 2)])),
    startingJobs: startingJobs(evidence, successors),
    successors,
  };
}

/**
 * The roots of one group, newest first, each with its place among the others.
 *
 * What lies in a declared copy takes no place of an original, and is counted among its like. Of roots with one content
 * the oldest counts, and the others stand where it stands: they are copies of it.
 */
export function subjectsOf(
  { group, members, timesDistrusted }: GroupedRoots,
  { policies, word = null }: Pick<RetentionInput, 'policies' | 'word'>,
  { area }: Pick<RetentionEvidence, 'area'>,
): readonly RetentionSubject[] {
  const [copied, own] = [true, false].map((is) => members.filter(({ root }) => area.isCopied(root) === is));
  /* v8 ignore next -- two lists make two */
  const places = new Map([...placesOf(own ?? []), ...placesOf(copied ?? [])]);
  return members.flatMap((member) => {
    const place = places.get(member);
    const limits = limitsFor(member.root, member.kind, policies);
    /* v8 ignore next -- each member has a place */
    return place === undefined ? [] : [{ ...place, ...member, group, timesDistrusted, limits, word }];
  });
}

type Place = Pick<
  RetentionSubject,
  'newer' | 'newerRestorePoints' | 'restorePoints' | 'formerRun' | 'newerOfFormerRun'
>;

/** The place of each of these roots among them. @param members the newest first. */
function placesOf(members: readonly GroupedRoot[]): ReadonlyMap<GroupedRoot, Place> {
  const repeated = repeatedIn(members);
  const counted = members.filter((member) => !repeated.has(member));
  const restorePoints = counted.filter(({ root, kind }) => kind === 'checkpoint' && isRestorePoint(root)).length;
  const newer: Record<RootKind, number> = { checkpoint: 0, savepoint: 0, stray: 0 };
  const newerRestorePoints = { ...newer };
  const newerOfRuns = new Map<FormerRun, number>();
  const places = new Map<GroupedRoot, Place>();
  for (const member of counted) {
    const { root, kind, owner } = member;
    const formerRun = owner.formerRuns.find(({ roots }) => roots.has(root)) ?? null;
    const newerOfFormerRun = formerRun === null ? 0 : (newerOfRuns.get(formerRun) ?? 0);
    places.set(member, {
      newer: newer[kind],
      newerRestorePoints: { ...newerRestorePoints },
      restorePoints,
      formerRun,
      newerOfFormerRun,
    });
    newer[kind] += Number(isUsable(root));
    newerRestorePoints[kind] += Number(isRestorePoint(root));
    if (formerRun !== null) newerOfRuns.set(formerRun, newerOfFormerRun + Number(isRestorePoint(root)));
  }
  for (const [member, first] of repeated) {
    const place = places.get(first);
    /* v8 ignore next -- the first of equal content was counted */
    if (place !== undefined) places.set(member, place);
  }
  return places;
}

/**
 * Members whose content an older one of the same kind has, each with the oldest. Without a file a content tells nothing:
 * of a job without state that began anew it is the same again, and a copy of it is worth as much.
 */
function repeatedIn(members: readonly GroupedRoot[]): ReadonlyMap<GroupedRoot, GroupedRoot> {
  const first = new Map<string, GroupedRoot>();
  const repeated = new Map<GroupedRoot, GroupedRoot>();
  for (const member of members.toReversed()) {
    const { root, kind } = member;
    const content = root.content === null || root.objects.size === 0 ? null : `${kind} ${root.content}`;
    const known = content === null ? undefined : first.get(content);
    if (known !== undefined) {
      repeated.set(member, known);
    } else if (content !== null) {
      first.set(content, member);
    }
  }
  return repeated;
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
