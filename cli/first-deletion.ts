import type { Amount } from '#core/collect/totals.ts';
import { asksSurely } from './ask.ts';
import { Declined } from './errors.ts';
import type { Io } from './io.ts';
import { bytes, count } from './print/text.ts';

/** The question before the first deletion in an area: the last moment at which a wrong prefix harms nobody. */

export interface ConfirmOptions {
  readonly execute?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** What a run is about to do, as a dry run of it has just found. */
export interface Going {
  readonly deleted: Amount;
  /** Checkpoints and savepoints. */
  readonly retired: number;
  /** The locations, as people know them. */
  readonly places: readonly string[];
  /** What can be put back, in a sentence. */
  readonly putBack: string;
}

/** For what only retires. */
export const NOTHING: Amount = { objects: 0, bytes: 0 };

/** The most locations that the question names. */
const MOST_NAMED = 5;

/** Whether a person is there to be asked, and has not said yes already. */
export function mayAsk({ execute, yes, json }: ConfirmOptions, { ask, isWatched }: Io): boolean {
  return execute === true && yes !== true && json !== true && ask !== undefined && isWatched === true;
}

/** Asks whether to go on, if there is anything that would go. @throws Declined, Interruption */
export async function confirmFirst(going: Going, io: Io): Promise<void> {
  const { deleted, retired, places, putBack } = going;
  const parts = [
    deleted.objects === 0 ? '' : `delete ${count(deleted.objects, 'object')} (${bytes(deleted.bytes)})`,
    retired === 0 ? '' : `retire ${count(retired, 'checkpoint or savepoint', 'checkpoints and savepoints')}`,
  ].filter((part) => part !== '');
  if (parts.length === 0) return;
  const others = places.length - MOST_NAMED;
  const named = [...places.slice(0, MOST_NAMED), ...(others > 0 ? [`${others} more`] : [])].join(', ');
  const sentences = `No run has deleted or retired anything here yet. This one would ${parts.join(' and ')} in ${named}. ${putBack}`;
  if (!(await asksSurely(sentences, 'Go on?', io))) throw new Declined();
}

/** What can be put back where nobody knows yet whether the store keeps versions, and where some of them do. */
export function sayPutBack(
  versions: readonly (boolean | null)[],
  { deleted, retired }: Pick<Going, 'deleted' | 'retired'>,
): string {
  const objects =
    deleted.objects === 0
      ? ''
      : versions.every((kept) => kept === true)
        ? '"steward undo" can put deleted objects back while their noncurrent versions exist.'
        : versions.every((kept) => kept === false)
          ? "Deleted objects can't be put back, because no versions are kept there."
          : 'Deleted objects can be put back only where the bucket keeps versions.';
  const roots =
    retired === 0
      ? ''
      : '"steward undo" can put retired checkpoints and savepoints back until their files are deleted.';
  return [objects, roots].filter((sentence) => sentence !== '').join(' ');
}
