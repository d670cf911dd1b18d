import * as z from 'zod';

/** The answer of a function about a run. Its size does not depend on the size of the area. */

const amount = z.object({ objects: z.number(), bytes: z.number() });

export const runAnswerSchema = z.object({
  run: z.string().describe('name of the run, for history and undo'),
  result: z
    .enum(['done', 'nothing-to-do', 'observed', 'stopped', 'undecidable', 'failed'])
    .describe('how the run ended; observed: a dry run'),
  why: z.string().nullable().describe('why it stopped or failed, or did only a part, as a sentence'),
  total: amount.describe('all objects in the area'),
  live: amount.describe('objects that a checkpoint or savepoint references'),
  quarantined: amount.describe('garbage in quarantine'),
  deletable: amount.describe('objects that this run may delete'),
  deleted: amount.describe('objects that this run deleted'),
  kept: z.number().describe('objects that were to be deleted but were kept'),
  refused: z.number().describe('of these, the ones that the store refused to delete'),
  roots: z.number().describe('number of checkpoints and savepoints'),
  retired: z.number().describe('number of checkpoints and savepoints that this run retired'),
  breakers: z.array(z.string()).describe('names of the tripped breakers'),
  findings: z.array(z.string()).describe('what to act on; at most ten sentences'),
  notes: z.array(z.string()).describe('what else to know; at most ten sentences'),
});
export type RunAnswer = z.output<typeof runAnswerSchema>;
