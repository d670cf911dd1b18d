import type { Owner } from '../collect/owners.ts';
import type { Root } from '../collect/roots.ts';
import type { RootKind } from './root-kind.ts';

/** What the operator wants of retention (`retain`, `minRestorePoints`, `groupBy` in `steward.json`). */

/** A root is kept while either limit applies, and always if there is no limit: no limit is not "keep none". */
export interface KeepLimits {
  /** How many of the newest are kept. */
  readonly keepLast?: number | undefined;
  /** Roots younger than this many milliseconds are kept. */
  readonly keepWithin?: number | undefined;
}

/** What a policy keeps of one kind of root. */
export type Keep = 'all' | KeepLimits;

/** One entry of `retain`. */
export interface RetentionPolicy {
  /** Whether it is meant for this root, by its key. The first policy of the list that is counts. */
  matches(root: Root): boolean;
  /** Checkpoints of ended jobs. */
  readonly endedJobs: Keep;
  readonly savepoints: Keep;
}

/**
 * The operator's word on the checkpoints of one directory, in place of the policy: that its job is over, or a former run
 * of it under the same id.
 */
export interface RetireWord {
  readonly location: number;
  /** The directory: a whole key prefix. */
  readonly base: string;
  /** Only what was complete before, epoch milliseconds; null for all of it. */
  readonly before: number | null;
  /** Whether its savepoints are meant too. */
  readonly savepoints: boolean;
}

/** What an operator wants of retention, and what is known of running jobs. */
export interface RetentionInput {
  readonly policies: readonly RetentionPolicy[];
  /** How many verified restore points of each group are always kept. */
  readonly minRestorePoints: number;
  /** What is counted together: one job directory, or all jobs with one label. */
  readonly groupBy: 'job' | 'label';
  /**
   * A name for people. It is asked for each directory of a job id by itself: `location` and `base` of the owner are
   * then those of that directory.
   */
  labelOf(owner: Owner): string;
  /** Whether that name is told by a pattern of the operator's that its path matches; asked in the same way. */
  isLabelledByPath(owner: Owner): boolean;
  /** Ids of jobs that are known to run, from elsewhere than the bucket; 32 lower-case hex digits. */
  readonly running: ReadonlySet<string>;
  /**
   * Directories of snapshots from which running jobs were restored, as Flink writes them: `s3a://bucket/cp/…/chk-7`.
   * Until such a job has completed checkpoints of its own, nothing in the bucket says that it depends on one.
   */
  readonly restoredFrom: Iterable<string>;
  /** With it nothing else is decided on, and the policy does not count. @default null */
  readonly word?: RetireWord | null;
}

/** The limits that the policy sets for a root; null if no policy matches it. */
export function limitsFor(root: Root, kind: RootKind, policies: readonly RetentionPolicy[]): Keep | null {
  const policy = policies.find((each) => each.matches(root));
  if (policy === undefined) {
    return null;
  }
  return kind === 'checkpoint' ? policy.endedJobs : policy.savepoints;
}
