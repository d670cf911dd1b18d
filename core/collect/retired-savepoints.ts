import type { Grounds, Subject } from './evidence.ts';

/**
 * Files of savepoints that this ledger has retired. The savepoint was its user's, and by the policy the user has given it
 * up: no job uploads into its directory, so no later checkpoint has to show that a file is used no more.
 */

/**
 * Whether it is a file that a retired savepoint referenced in its own directory, and nothing is known that may need it.
 * A job that has completed no checkpoint yet goes back to what it was restored from, without reading its `_metadata` again;
 * and who has put a root into the directory again wants what is in it.
 */
export function isOfRetiredSavepoint({ object, kind, owner }: Subject, { memory }: Grounds): boolean {
  if ((kind !== 'savepoint' && kind !== 'unknown') || memory.retiredSavepointOf(object) === null) {
    return false;
  }
  const isWanted = kind === 'savepoint' && owner.holdsRoots;
  return !isWanted && !owner.running.some(({ completedCheckpoints }) => completedCheckpoints === 0);
}

/** Whether it is a file of a savepoint, also of a retired one whose directory does not bear a savepoint's name. */
export function isSavepointsOwn(subject: Subject, evidence: Grounds): boolean {
  return subject.kind === 'savepoint' || isOfRetiredSavepoint(subject, evidence);
}
