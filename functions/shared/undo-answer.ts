import { isEmpty, type UndoReport } from '#steward/undo.ts';
import { fewOf } from './few-of.ts';
import type { UndoAnswer } from './undo-answer-schema.ts';

/** Makes the answer about an undo, or about its dry run. */
export function undoAnswer(run: string, { plan, result }: UndoReport): UndoAnswer {
  const restorable = plan.roots.filter(({ why }) => why === null).length;
  const unrestorable = plan.roots.flatMap(({ entry, why }) => (why === null ? [] : [{ url: entry.url, why }]));
  const lost = result?.lost ?? [...plan.lost, ...unrestorable];
  const roots = result?.restoredRoots.length ?? restorable;
  const objects = result?.restoredObjects ?? plan.objects.length;
  const what = `${roots} checkpoints and savepoints and ${objects} other objects`;
  const summary = isEmpty(plan)
    ? `Run ${run} has nothing to undo. It retired and deleted nothing, or it was undone before.`
    : result === null
      ? `${what} can be put back; ${lost.length} objects cannot.`
      : `${what} were put back; ${lost.length} objects could not.`;
  const reasons = fewOf(lost.map(({ url, why }) => `${url}: ${why}`));
  return { run, executed: result !== null, roots, objects, lost: lost.length, reasons, summary };
}
