import * as z from 'zod';
import type { Refusal } from '#steward/refusals.ts';

/** What the function `states` answers, and `manual` understands. */
export const statesAnswerSchema = z.object({
  jobs: z.number().describe('jobs that were looked at'),
  looked: z.object({
    files: z.number().describe('state files that their checkpoints reference'),
    remembered: z.number().describe('those that were read before'),
    requests: z.number().describe('GET requests for state files'),
    cost: z.number().nullable().describe('of these requests; null where no price is known'),
    left: z.number().describe('requests that `states.maxRequests` left out; the next look goes on'),
  }),
  published: z.number().describe('values of `StateBytes` that were published'),
  notes: z.array(z.string()).describe('what else to know'),
  details: z.string().nullable().describe('where in the ledger the whole result is, where somebody asked'),
  refusal: z.custom<Refusal>().nullable().describe('why nothing was read: there is no such job, or there are several'),
  empty: z.string().nullable().describe('why there is nothing to tell of the area; null where there is something'),
});
export type StatesAnswer = z.output<typeof statesAnswerSchema>;
