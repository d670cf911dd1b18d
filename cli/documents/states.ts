import * as z from 'zod';
import { STATE_KINDS } from '#core/flink/metadata/model.ts';

const kinds = Object.fromEntries(STATE_KINDS.map((kind) => [kind, z.number()])) as Record<
  (typeof STATE_KINDS)[number],
  z.ZodNumber
>;

export const operatorState = z.strictObject({
  id: z.string().describe('32 hex digits'),
  name: z.string().nullable().describe('null before format version 5'),
  uid: z.string().nullable(),
  parallelism: z.int(),
  bytes: z.number(),
  newBytes: z.number().describe('how many of them this checkpoint wrote'),
  byKind: z
    .strictObject(kinds)
    .describe('timers: those that a heap holds beside RocksDB; changelog: changes since the last materialization'),
  skew: z
    .strictObject({
      subtask: z.int().describe('the one with the most state'),
      bytes: z.number(),
      median: z.number().describe('over all subtasks'),
      ratio: z.number().nullable().describe('the largest over the median; null where that is 0'),
    })
    .nullable()
    .describe('null for an operator with one subtask, or without state'),
});

/** The state of a root by operator; sizes as Flink counts them */
export const rootState = z.strictObject({
  bytes: z.number().describe('the sum over all operators: the full size that Flink shows for the checkpoint'),
  newBytes: z.number(),
  operators: z.array(operatorState).describe('the largest first'),
});
