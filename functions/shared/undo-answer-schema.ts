import * as z from 'zod';

/** The answer about an undo, or about its dry run. */

export const undoAnswerSchema = z.object({
  run: z.string().describe('name of the undone run'),
  executed: z.boolean().describe('whether anything was changed'),
  roots: z.number().describe('checkpoints and savepoints that were put back, or can be'),
  objects: z.number().describe('other objects that were put back, or can be'),
  lost: z.number().describe('what can not be put back'),
  reasons: z.array(z.string()).describe('why not, for the first ten'),
  summary: z.string().describe('the result in one sentence'),
});
export type UndoAnswer = z.output<typeof undoAnswerSchema>;
