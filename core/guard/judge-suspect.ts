import type { Suspect } from './suspects.ts';

/**
 * Whether a deleted file that a root still names was taken by somebody else, or by Flink itself: Flink deletes the files of
 * a checkpoint and its `_metadata` side by side, so for a while there is a root that names what Flink has deleted.
 */

/** A root of now that names a suspect. */
export interface Namer {
  /** URL of the `_metadata`. */
  readonly url: string;
  /** Epoch milliseconds. */
  readonly completed: number;
  /** Whether no checkpoint of its directory has a higher number: Flink discards the others first. True of a savepoint. */
  readonly newest: boolean;
  /**
   * Whether checkpoints of another job read files beside this one's: a job that was restored with CLAIM deletes what it has
   * claimed, also where an older checkpoint of its predecessor names it.
   */
  readonly lent: boolean;
}

/**
 * `lost`: a restore from one of these roots fails. `unsettled`: so it is, unless Flink is about to discard the root, which
 * time shows. `cleared`: Flink has deleted it.
 */
export type SuspectVerdict = 'lost' | 'unsettled' | 'cleared';

interface GuardRule {
  readonly name: 'nobody-names-it' | 'by-a-rule' | 'named-after' | 'may-be-discarded' | 'subsumed';
  /** Null where the rule does not tell. */
  readonly judge: (suspect: Suspect, namers: readonly Namer[]) => SuspectVerdict | null;
}

/** The first one that tells decides. */
export const GUARD_RULES: readonly GuardRule[] = [
  { name: 'nobody-names-it', judge: (_, namers) => (namers.length === 0 ? 'cleared' : null) },
  { name: 'by-a-rule', judge: ({ deletion }) => (deletion.by === 'rule' ? 'lost' : null) },
  {
    // What Flink has deleted no later checkpoint names. Of several at a time an earlier one may end later, and be discarded.
    name: 'named-after',
    judge: ({ deletion }, namers) =>
      namers.some(({ newest, completed }) => newest && completed > deletion.at) ? 'lost' : null,
  },
  {
    name: 'may-be-discarded',
    judge: (_, namers) => (namers.some(({ newest, lent }) => newest && !lent) ? 'unsettled' : null),
  },
  // What is no more the newest, or claimed by another job, Flink may be at for long. If not, the next survey finds it damaged.
  { name: 'subsumed', judge: () => 'cleared' },
];

/** @param rules all of them, except in tests that show what a rule is for. */
export function judgeSuspect(
  suspect: Suspect,
  namers: readonly Namer[],
  rules: readonly GuardRule[] = GUARD_RULES,
): SuspectVerdict {
  for (const { judge } of rules) {
    const verdict = judge(suspect, namers);
    if (verdict !== null) return verdict;
  }
  return 'cleared';
}

/** How things are with a root that was unsettled, some time later. */
export interface Settling {
  /** Whether it is still there, and no checkpoint of its directory has become newer. */
  readonly stands: boolean;
  /** Of some other files that it names, how many were missing before, and how many are now. */
  readonly missedBefore: number;
  readonly missedNow: number;
}

/** What discards a root goes on to delete its files, and ends with none of it left. */
export function judgeSettling({ stands, missedBefore, missedNow }: Settling): SuspectVerdict {
  if (!stands) return 'cleared';
  return missedNow > missedBefore ? 'unsettled' : 'lost';
}
