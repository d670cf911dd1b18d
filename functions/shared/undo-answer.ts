import * as z from 'zod';
import { isEmpty, type UndoReport } from '#steward/undo.ts';
import { fewOf } from './run-answer.ts';

/** What is told of an undo, or of a look at what it would do. */

export const undoAnswerSchema = z.object({
  run: z.string().describe('name of the undone run'),
  executed: z.boolean().describe('whether anything was changed'),
  roots: z.number().describe('checkpoints and savepoints that were put back, or can be'),
  objects: z.number().describe('other objects that were put back, or can be'),
  lost: z.number().describe('what can not be put back'),
  reasons: z.array(z.string()).describe('why not, for the first ten'),
  summary: z.string().describe('a sentence'),
});
export type UndoAnswer = z.output<typeof undoAnswerSchema>;

export function undoAnswer(run: string, { plan, result }: UndoReport): UndoAnswer {
  const comingBack = plan.roots.filter(({ why }) => why === null).length;
  const hindered = plan.roots.flatMap(({ entry, why }) => (why === null ? [] : [{ url: entry.url, why }]));
  const lost = result?.lost ?? [...plan.lost, ...hindered];
  const roots = result?.restoredRoots.length ?? comingBack;
  const objects = result?.restoredObjects ?? plan.objects.length;
  const what = `${roots} checkpoints and savepoints and ${objects} other objects`;
  const summary = isEmpty(plan)
    ? `There is nothing to take back of a run ${run}: it retired and deleted nothing, or it was taken back before.`
    : result === null
      ? `${what} can come back, ${lost.length} can not.`
      : `${what} came back, ${lost.length} could not.`;
  const reasons = fewOf(lost.map(({ url, why }) => `${url}: ${why}`));
  return { run, executed: result !== null, roots, objects, lost: lost.length, reasons, summary };
}
