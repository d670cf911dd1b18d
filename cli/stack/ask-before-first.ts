import type { RunView } from '#steward/run-view.ts';
import { type ConfirmOptions, confirmFirst, mayAsk, NOTHING, sayPutBack } from '../first-deletion.ts';
import type { Io } from '../io.ts';
import type { TypedArea } from '../next-command.ts';
import { askStack, isStarted } from './answered.ts';

/** What a deployment says to the dry run of what it is to execute. */
export interface LookedAhead {
  /** Whether it would delete objects, or only retire. */
  readonly deletes: boolean;
  readonly look: () => Promise<{ readonly run: RunView } | { readonly started: unknown }>;
}

/** Asks before the first run of a deployment that deletes or retires, as on this machine. @throws Declined, StackError */
export async function askBeforeFirst(
  stack: string,
  { options }: { readonly options: TypedArea['options'] & ConfirmOptions },
  { deletes, look }: LookedAhead,
  io: Io,
): Promise<void> {
  if (!mayAsk(options, io)) return;
  const history = await askStack(stack, options, { action: 'history', limit: 1 }, io, { showsNotes: true });
  if (!('newestDeleting' in history) || history.newestDeleting !== null) return;
  const answer = await look();
  if (isStarted(answer) || !('run' in answer)) return;
  const { record, decisions } = answer.run;
  if (record.result !== 'observed') return;
  const going = {
    deleted: deletes ? record.deletable : NOTHING,
    retired: decisions.filter(({ action }) => action === 'retire').length,
  };
  await confirmFirst({ ...going, places: record.area, putBack: sayPutBack([null], going) }, io);
}
