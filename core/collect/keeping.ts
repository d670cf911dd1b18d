import type { Grounds, Subject } from './evidence.ts';
import { isStewardsOwn } from './marker-name.ts';
import { isOfRetiredSavepoint } from './retired-savepoints.ts';

/**
 * What keeps an object at any age. One function per rule: true means that the object is kept.
 */

/** Symbolic links, sockets and the like. */
export function isSpecial({ object }: Subject, { objects }: Grounds): boolean {
  return objects.special(object) !== undefined;
}

/** A root that the operator pinned, and every object that it references. */
export function isPinned({ root, isNamedByPinned }: Subject, { memory }: Grounds): boolean {
  return isNamedByPinned || (root !== null && memory.isPinned(root));
}

/** A root that could not be read to its last byte. What it references is not known. */
export function isUnreadableRoot({ root }: Subject): boolean {
  return root !== null && root.state === 'unreadable';
}

/** Every `_metadata`, read or vanished: only retirement, a decision of its own, withdraws a root. */
export function isRoot({ kind }: Subject): boolean {
  return kind === 'metadata';
}

/** Referenced by a root of the area. */
export function isNamedByRoot({ object }: Subject, { reachability }: Grounds): boolean {
  return reachability.isLive(object);
}

/** It has the name of a missing file that a root references: `Reachability.keepByBaseName`. */
export function isKeptByBaseName({ object }: Subject, { reachability }: Grounds): boolean {
  return reachability.isKeptByName(object);
}

/** Referenced by a root that has another name than `_metadata`. */
export function isNamedByRenamedRoot({ object }: Subject, { reachability }: Grounds): boolean {
  return reachability.isKeptByRenamed(object);
}

/** See `copies.ts`: a backup, a replica, or the live file itself under another name. */
export function isCopyOfLive({ object }: Subject, { reachability }: Grounds): boolean {
  return reachability.isCopy(object);
}

/** High-availability storage: pointers, job graphs and blobs, without which a cluster can't start. */
export function isHighAvailability({ kind }: Subject): boolean {
  return kind === 'ha';
}

/** The configuration protects its key (`protect`). */
export function isProtectedByPattern({ object }: Subject, evidence: Grounds): boolean {
  return evidence.isProtected(object);
}

/** What the steward itself has put there. Without it a lost ledger would look like one that never existed. */
export function isStewardMarker({ object, kind }: Subject, { objects }: Grounds): boolean {
  return kind === 'unknown' && isStewardsOwn(objects.name(object));
}

/** Flink's state code writes no file of this name, so the object belongs to somebody else. */
export function isUnknown(subject: Subject, evidence: Grounds): boolean {
  return subject.kind === 'unknown' && !isOfRetiredSavepoint(subject, evidence);
}

/**
 * A ForSt database is live in its working directory and named by nothing until a checkpoint takes a file over. Of a
 * dead one only the files under Flink's own names may be deleted.
 */
export function isForStInUse({ object, kind, owner }: Subject, { objects }: Grounds): boolean {
  return kind === 'forst' && !(owner.declaredDead && objects.hasUuidName(object));
}

/**
 * Write-ahead sinks keep files in `taskowned/` and name them only inside state that nobody but them can read, also
 * after a CLAIM by another job; so this holds for dead jobs too. A file that a root once named is materialised
 * changelog state instead.
 */
export function isTaskOwned({ object, kind }: Subject, { settings, memory }: Grounds): boolean {
  return kind === 'taskowned' && !settings.taskowned && !memory.wasNamed(object);
}

/**
 * Savepoints belong to their users. What a retired one references in its own directory may go, and with
 * `failedSavepoints` files of a savepoint that never completed and to which nothing was written for `abandonedAfter`.
 */
export function isSavepointFile(subject: Subject, evidence: Grounds): boolean {
  const { kind, owner } = subject;
  const { settings, start } = evidence;
  if (kind !== 'savepoint' || isOfRetiredSavepoint(subject, evidence)) {
    return false;
  }
  return !settings.failedSavepoints || owner.holdsRoots || !(start - owner.lastWrite >= settings.abandonedAfter);
}

/** Deleting a marker gains nothing, and a worker may be about to write below it. */
export function isMarkerInUse({ kind, owner }: Subject): boolean {
  return kind === 'marker' && !owner.declaredDead;
}
