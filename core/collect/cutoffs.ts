import type { Grounds, OwnerState, Subject } from './evidence.ts';
import { candidacyOf } from './memory.ts';
import { isSavepointsOwn } from './retired-savepoints.ts';
import type { CollectSettings } from './settings.ts';

/**
 * When garbage may be deleted. One function per term. Each is conservative by itself, so that one wrong answer is not
 * enough to lose an object. The comparisons are written so that a time which is not a number keeps.
 */

/**
 * The age, in milliseconds, below which nothing of a job is deleted. Uploads become visible before any `_metadata`
 * references them, for as long as a checkpoint takes; a checkpoint seen to take longer than configured raises the bar.
 */
export function minimumAge({ kind, owner }: Subject, settings: CollectSettings): number {
  const ordinary = Math.max(settings.minAge, 2 * owner.checkpointTimeout);
  // Materialisation uploads for its whole duration and is named only afterwards, possibly several checkpoints later.
  return kind === 'taskowned' && settings.taskowned ? Math.max(ordinary, settings.taskownedMinAge) : ordinary;
}

/** What some mounts and archives give where they know no time: the epoch, or that of DOS, in any time zone. */
const LAST_TIME_THAT_IS_NONE = Date.UTC(1980, 0, 3);

/** Whether it is too young to be deleted. Without a real time its age is unknown; it may have just been uploaded. */
export function isYoung(subject: Subject, { start, settings }: Pick<Grounds, 'start' | 'settings'>): boolean {
  return subject.modified <= LAST_TIME_THAT_IS_NONE || !(start - subject.modified >= minimumAge(subject, settings));
}

/** Milliseconds by which the time of a checkpoint may lie behind the start of the run. */
const MOST_FUTURE = 3_600_000;

/**
 * A directory of which Flink says that a checkpoint is being written there. Its files have no root yet, and the times
 * that speak against it are those of a configuration that may not be the job's.
 */
export function isInProgress({ object, owner }: Subject, { objects }: Grounds): boolean {
  if (owner.running.length === 0) {
    return false;
  }
  const { checkpoint } = objects.directory(object).class;
  return (
    checkpoint !== null &&
    owner.running.some(({ inProgress, inProgressUnnamed }) => inProgressUnnamed > 0 || inProgress.includes(checkpoint))
  );
}

/**
 * Whether a job has written nothing for so long that it needs no later checkpoint to show what it uses. One that runs
 * is never quiet: its JobManager remembers the uploads of failed checkpoints for as long as it lives.
 */
export function isQuiet(owner: OwnerState, { start, settings }: Pick<Grounds, 'start' | 'settings'>): boolean {
  return owner.running.length === 0 && start - owner.lastWrite >= settings.deadAfter;
}

/** Whether a job is over: the operator has said so, or it has written nothing for `deadAfter` and no cluster runs it. */
export function hasEnded(owner: OwnerState, evidence: Pick<Grounds, 'start' | 'settings'>): boolean {
  return owner.declaredDead || isQuiet(owner, evidence);
}

/** Whether nothing was written since a time for so long that nobody will. A job that runs may write any moment. */
function isGivenUp(owner: OwnerState, lastWrite: number, { start, settings }: Grounds): boolean {
  return owner.running.length === 0 && start - lastWrite >= settings.abandonedAfter;
}

/**
 * A job directory without any checkpoint. A listing can miss both the old and the new root of a busy job (`chk-10` sorts
 * before `chk-9`), a first checkpoint may be on its way, and every resubmission with CLAIM leaves live files and
 * garbage side by side in such a directory.
 *
 * Without a job id in the path it is never given up: with an entropy-injected path each file lies in a directory of
 * its own that holds no root, however alive its job is.
 */
export function isRootless(subject: Subject, evidence: Grounds): boolean {
  const { owner, rootlessSince } = subject;
  if (owner.declaredDead || isSavepointsOwn(subject, evidence)) {
    return false;
  }
  if (owner.holdsCheckpoints) {
    return rootlessSince !== null && !isGivenUp(owner, rootlessSince, evidence);
  }
  return owner.job === null || !isGivenUp(owner, owner.lastWrite, evidence);
}

/**
 * Uploads of a failed checkpoint may be used again by a later one, without bound while checkpoints keep failing. Only
 * a completed checkpoint proper that began after the file was written shows that the job does not use it; a full
 * checkpoint or a savepoint shows nothing, because it takes no notice of earlier uploads.
 */
export function lacksLaterCheckpoint(subject: Subject, evidence: Grounds): boolean {
  const { modified, owner } = subject;
  if (isSavepointsOwn(subject, evidence) || hasEnded(owner, evidence)) {
    return false;
  }
  // A checkpoint can complete while the run lasts, but one from a farther future has not the time of its completion,
  // and would seem later than every upload.
  const isReal = owner.lastCheckpoint <= evidence.start + MOST_FUTURE;
  return owner.timesDistrusted !== null || !isReal || !(owner.lastCheckpoint - owner.checkpointTimeout > modified);
}

/** Whether nothing shows that the directory with 32 hexadecimal digits for a name is a job's: see `foreign-jobs.ts`. */
export function isForeign({ owner }: Subject, { foreignJobs }: Grounds): boolean {
  return owner.job !== null && foreignJobs.has(owner.job);
}

/** Whether nothing at all may be deleted in this run. */
export function isUndecidable(_subject: Subject, { undecidable }: Grounds): boolean {
  return undecidable.length > 0;
}

/** How long garbage of a job is kept, in milliseconds: as configured, and twice the time its checkpoints may take. */
export function quarantineTime(owner: OwnerState, settings: CollectSettings): number {
  return Math.max(settings.quarantine, 2 * owner.checkpointTimeout);
}

/**
 * Whether an object has not been garbage for long enough: for the quarantine, in two runs at least, and under the
 * ETag it has now.
 */
export function isInQuarantine({ object, owner }: Subject, evidence: Grounds): boolean {
  const { start, settings } = evidence;
  const candidacy = candidacyOf(object, evidence);
  if (candidacy === null) {
    return true;
  }
  const runs = candidacy.runs + 1;
  return !(runs >= 2 && start - candidacy.since >= quarantineTime(owner, settings));
}
