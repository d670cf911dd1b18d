import { statementFor } from '#core/collect/refused-deletions.ts';
import { heeding, type KnownStore } from '#operations/run/known-stores.ts';
import { type TriedAccess, tryAccess } from '#operations/run/try-access.ts';
import { openAccess } from '../open-access.ts';
import type { Examined } from './examined.ts';
import { asStoreError, type Finding, failureFinding, finding } from './finding.ts';

/** The rights to write and to delete in a location, by trying both with one object of the steward's own. */

/** @param known what the store honours, so that it is deleted as a run would. */
export async function checkWriting(place: Examined, known: KnownStore | undefined): Promise<readonly Finding[]> {
  const { location, name, prefix, arn, signal } = place;
  const { writer, deleter } = await openAccess(location.reach);
  try {
    const tried = await tryAccess({ store: location.store, prefix, writer, deleter: heeding(deleter, known) }, signal);
    signal?.throwIfAborted();
    return [writingFinding(tried, place), deletingFinding(tried, place)];
  } catch (error) {
    return [failureFinding('writing', name, asStoreError(error, signal), arn)];
  }
}

function writingFinding({ writing }: TriedAccess, { name, arn }: Examined): Finding {
  return writing === null
    ? finding('writing', name, 'ok', 'An object of the steward was written.')
    : failureFinding('writing', name, writing, arn);
}

function deletingFinding({ key, deleting }: TriedAccess, { name, location }: Examined): Finding {
  switch (deleting?.outcome) {
    case undefined:
      return finding('deleting', name, 'not-checked', 'No object could be written, so deleting was not tried.', {
        advice: 'Grant the right to write first, then try again.',
      });
    case 'deleted':
      return finding('deleting', name, 'ok', 'That object was deleted again, under its ETag.');
    case 'gone':
    case 'changed':
      return finding('deleting', name, 'not-checked', 'Somebody else changed or deleted that object meanwhile.', {
        advice: 'Try again.',
      });
    case 'refused': {
      const { why } = deleting;
      const statement = statementFor(why, [location.area]);
      return finding('deleting', name, 'wrong', `${key} was written, and could not be deleted again: ${why}`, {
        advice: leftOver(statement !== null),
        grant: statement === null ? [] : [statement],
      });
    }
    default:
      return deleting satisfies never;
  }
}

function leftOver(isDenied: boolean): string {
  const next = 'That object is kept until the doctor may delete it. No run mistakes it for a file of a job.';
  return isDenied ? `Grant the right, unless the policy of the bucket denies it. ${next}` : next;
}
