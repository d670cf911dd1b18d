import { isQuiet, isYoung } from '#core/collect/cutoffs.ts';
import type { Owner } from '#core/collect/owners.ts';
import { numberOf } from '#core/collect/root-order.ts';
import {
  isCheckpointProper,
  isDamaged,
  isRestorePoint,
  isUsable,
  lacksProperties,
  type Root,
} from '#core/collect/roots.ts';
import type { RetentionEvidence } from './evidence.ts';
import { NO_DIGITS } from './groups.ts';
import type { StartingJob } from './starting-jobs.ts';
import { endOf as endOfPath, type RetentionContext, type RetentionSubject } from './subject.ts';

/**
 * What keeps a root. One function per rule: it gives the reason as a clause, or null if the rule does not apply.
 * Every rule is asked of every root, so that all reasons can be shown. The comparisons are written so that a time
 * which is not a number keeps.
 */

/** What was not read may depend on any root. */
export function undecidableArea(_subject: RetentionSubject, { evidence }: RetentionContext): string | null {
  return evidence.undecidable.length > 0 ? 'the area is undecidable in this run' : null;
}

/** See `startingJobs`: the job may be running on this very root without saying so. */
export function startingJob(_subject: RetentionSubject, context: RetentionContext): string | null {
  const [first] = context.startingJobs;
  return first === undefined ? null : sayStarting(first);
}

/** A clause. @param which what it may have been restored from. */
export function sayStarting({ directory, job, again }: StartingJob, which = 'this one'): string {
  const where = directory || 'the top of the area';
  const what = again
    ? `has been written to for longer than usual since its newest checkpoint, so its job may have been restored again, from ${which}`
    : `is being written to and has no checkpoint yet, so its job may have been restored from ${which}`;
  return `${where} ${what}${job === null ? '' : ` (if that job will not run again: steward declare-dead ${job} --execute)`}`;
}

/** What an unreadable root references is not known, so nobody can tell what its removal would free. */
export function unreadable({ root }: RetentionSubject): string | null {
  return root.state === 'unreadable' ? 'it could not be read' : null;
}

/** What came or changed while the area was read was never seen whole: its files may be missing from the listing. */
export function late({ root }: RetentionSubject, { evidence: { start, objects } }: RetentionContext): string | null {
  const isSettled =
    !root.late && root.object >= 0 && objects.etag(root.object) === root.etag && root.completed <= start;
  return isSettled ? null : 'it was completed or changed during the scan';
}

/** By the later of its two times: one that was put back is old, but somebody has just wanted it. */
export function young({ root, owner }: RetentionSubject, { evidence }: RetentionContext): string | null {
  const modified = root.object < 0 ? root.completed : Math.max(root.completed, evidence.objects.modified(root.object));
  const subject = {
    object: root.object,
    kind: 'metadata',
    modified,
    owner,
    rootlessSince: null,
    root,
    isNamedByPinned: false,
  } as const;
  return isYoung(subject, evidence) ? 'younger than the minimum age' : null;
}

/**
 * Without a trustworthy order the last one could be taken for the first. Where the operator's word takes the place of the
 * policy, nothing is counted: a time that is wrong is too late, and keeps.
 */
export function distrustedTimes({ timesDistrusted, word }: RetentionSubject): string | null {
  return word === null ? timesDistrusted : null;
}

/** An operator has pinned it. */
export function pinned({ root }: RetentionSubject, { evidence: { memory } }: RetentionContext): string | null {
  return memory.isPinned(root) ? 'pinned' : null;
}

/** The configuration protects its key (`protect`). */
export function protectPattern({ root }: RetentionSubject, { evidence }: RetentionContext): string | null {
  return root.object >= 0 && evidence.isProtected(root.object) ? 'matches a protect pattern' : null;
}

/** A job started with NO_CLAIM depends on its snapshot, and goes back to it when it fails before its own first one. */
export function restoredFrom({ root }: RetentionSubject, context: RetentionContext): string | null {
  return context.restoredFrom.has(endOfPath(root)) ? 'a running job was restored from it' : null;
}

/** Checkpoints of running jobs are Flink's own to retire. */
export function runningJob(subject: RetentionSubject, { evidence, running }: RetentionContext): string | null {
  const { kind, owner } = subject;
  const isRunning = kind === 'checkpoint' && owner.job !== null && running.has(owner.job);
  return isRunning && endOfFormerRun(subject, evidence) === null ? 'its job is running' : null;
}

/** A job that is unknown to one cluster may be suspended, or run in another: only silence or the operator's word ends it. */
export function unendedJob(subject: RetentionSubject, { evidence }: RetentionContext): string | null {
  const { kind, owner } = subject;
  if (kind !== 'checkpoint' || endOf(subject, evidence) !== null) {
    return null;
  }
  return owner.declarationLapsed
    ? 'its job was declared dead, but has written since'
    : 'its job may be running: it has written within deadAfter';
}

/** How a checkpoint is known to be of a job, or of a run of one, that has ended; null where it is not. */
export function endOf(subject: RetentionSubject, evidence: RetentionEvidence): string | null {
  return endOfJob(subject.owner, evidence) ?? endOfFormerRun(subject, evidence);
}

/**
 * A JobManager whose numbers begin again knows nothing of the checkpoints of the run before. After too short a silence it
 * takes the operator's word, and a restore point of since then with a smaller number.
 */
function endOfFormerRun(subject: RetentionSubject, { start, settings }: RetentionEvidence): string | null {
  const { formerRun, word, root, owner } = subject;
  const before = word?.before ?? null;
  const beganAgain = (other: Root): boolean =>
    before !== null &&
    other.location === root.location &&
    other.class.base === root.class.base &&
    other.completed >= before &&
    numberOf(other) < numberOf(root) &&
    isCheckpointProper(other) &&
    isRestorePoint(other);
  if (before !== null && root.completed < before && owner.roots.some(beganAgain)) {
    return 'left by an earlier run under the same job id, and completed before the time that you gave';
  }
  return formerRun !== null && start - formerRun.newest >= settings.deadAfter
    ? 'left by an earlier run under the same job id, whose newest checkpoint is older than deadAfter'
    : null;
}

function endOfJob(owner: Owner, evidence: RetentionEvidence): string | null {
  if (owner.declaredDead) {
    return 'its job is declared dead';
  }
  return isQuiet(owner, evidence) ? 'its job has written nothing within deadAfter' : null;
}

/** With `create-subdir: false` jobs share a directory: the newest root of one may look like an old one of another. */
export function unknownJob({ kind, owner }: RetentionSubject): string | null {
  return kind === 'checkpoint' && owner.job === null ? 'its path does not contain the id of its job' : null;
}

/** A savepoint's name tells six digits of a job id. Where those fit several jobs, no policy can be applied. */
export function ambiguousSavepoint({ ambiguous, root }: RetentionSubject): string | null {
  if (!ambiguous) {
    return null;
  }
  return root.class.savepointOf === NO_DIGITS
    ? 'its name does not tell its job: in application mode, many jobs have an id of zeros'
    : 'its name matches several jobs';
}

/** It is neither in a job directory nor in a savepoint directory, so Flink did not write it there. */
export function stray({ kind }: RetentionSubject): string | null {
  return kind === 'stray' ? 'it is where Flink writes neither checkpoints nor savepoints' : null;
}

/**
 * A file that another root misses under the same base name lies with this one (FLINK-39964: after CLAIM of a native
 * savepoint the successor looks for its files in the wrong place). This root is the only one that names it rightly.
 */
export function neededByName({ root }: RetentionSubject, { evidence }: RetentionContext): string | null {
  return root.objects.some((object) => evidence.reachability.isKeptByName(object))
    ? 'another checkpoint or savepoint references a missing file with the name of one of its files'
    : null;
}

/** The other way round: with that file copied to its place the root could be restored again. */
export function repairable({ root }: RetentionSubject): string | null {
  return root.foundElsewhere >= 0
    ? 'it is damaged, but a file with the name of a missing one is elsewhere in the area'
    : null;
}

/** Without a policy nothing is retired. */
export function noPolicy({ limits, word }: RetentionSubject): string | null {
  return limits === null && word === null ? 'no policy matches' : null;
}

/** An empty object sets no limit; it does not mean "keep none". */
export function keepAll({ kind, limits, word }: RetentionSubject): string | null {
  if (word !== null) {
    return kind === 'savepoint' && !word.savepoints ? 'a savepoint, and only checkpoints were requested' : null;
  }
  if (limits === null || (limits !== 'all' && (limits.keepLast !== undefined || limits.keepWithin !== undefined))) {
    return null;
  }
  return `the policy keeps all ${kind === 'checkpoint' ? 'checkpoints' : 'savepoints'}`;
}

/**
 * One that Flink can't start from now takes no place: with `keepLast: 1` a whole one stays, and with it all others that
 * are newer. They are what could be mended, from versions of a bucket, from a copy or from an archive.
 */
export function keepLast(subject: RetentionSubject, context: RetentionContext): string | null {
  const { root, limits, newer, word } = subject;
  if (
    word !== null ||
    limits === null ||
    limits === 'all' ||
    limits.keepLast === undefined ||
    newer >= limits.keepLast
  ) {
    return null;
  }
  if (isUsable(root)) {
    return `among the last ${limits.keepLast} (keepLast)`;
  }
  return livesOn(subject, context)
    ? null
    : `${whyNoRestorePoint(root)}, and ${few(newer, 'can be restored')} (keepLast: ${limits.keepLast})`;
}

/**
 * Whether it is what a job has left to its successor: after CLAIM Flink deletes files of the old job that the new one
 * references no more, and never the `_metadata` that references them (FLINK-35178).
 */
export function livesOn(subject: RetentionSubject, { evidence, successors }: RetentionContext): boolean {
  const { root, kind } = subject;
  return kind === 'checkpoint' && isDamaged(root) && endOf(subject, evidence) !== null && successors.continues(root);
}

/** Of so many newer ones. */
function few(newer: number, verb: string): string {
  return newer === 0 ? `no newer one ${verb}` : `only ${newer} newer ${verb}`;
}

/** What keeps it from being a restore point, without a verb. */
function whyNoRestorePoint(root: Root): string {
  if (root.missing.length > 0 || root.state !== 'read') {
    return 'damaged';
  }
  if (isUsable(root)) {
    return 'with files outside the area, or that only a copy holds';
  }
  return lacksProperties(root) ? 'without readable checkpoint properties' : 'in an archive storage class';
}

/** The policy keeps what was completed within this time before the run. */
export function keepWithin({ root, limits, word }: RetentionSubject, { evidence }: RetentionContext): string | null {
  if (word !== null) {
    const isMeant = word.before === null || root.completed < word.before;
    return isMeant ? null : 'not completed before the time that you gave';
  }
  if (limits === null || limits === 'all' || limits.keepWithin === undefined) {
    return null;
  }
  return evidence.start - root.completed >= limits.keepWithin ? null : 'young enough (keepWithin)';
}

/**
 * Newest first, everything stays until enough verified restore points have been passed: where a job has too few, all
 * its checkpoints stay, and nobody has to trust a damaged or unverified one in place of another. Savepoints don't
 * count for checkpoints; where they are all that a job has left, so many of them stay too. Of a former run under the id of a
 * job that has not ended the newest one stays, however few are asked for: nobody but its operator knows why it was left.
 */
export function restorePoints(subject: RetentionSubject, context: RetentionContext): string | null {
  const { evidence, minRestorePoints } = context;
  const { root, kind, newerRestorePoints, restorePoints: total, formerRun, newerOfFormerRun, word } = subject;
  if (word !== null) {
    return null;
  }
  if (formerRun !== null && newerOfFormerRun === 0 && endOfJob(subject.owner, evidence) === null) {
    return 'the newest restore point of an earlier run under the same job id';
  }
  const isNeeded =
    kind === 'checkpoint'
      ? newerRestorePoints.checkpoint < minRestorePoints
      : total < minRestorePoints && newerRestorePoints.checkpoint + newerRestorePoints.savepoint < minRestorePoints;
  if (!isNeeded || livesOn(subject, context)) {
    return null;
  }
  const newer = newerRestorePoints.checkpoint + (kind === 'checkpoint' ? 0 : newerRestorePoints.savepoint);
  return isRestorePoint(root)
    ? `needed for ${minRestorePoints} restore ${minRestorePoints === 1 ? 'point' : 'points'} (minRestorePoints)`
    : `${whyNoRestorePoint(root)}, and ${few(newer, newer > 1 ? 'are restore points' : 'is a restore point')} (minRestorePoints: ${minRestorePoints})`;
}
