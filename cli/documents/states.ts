import * as z from 'zod';
import { STATE_KINDS } from '#core/flink/metadata/model.ts';
import { STATE_FINDINGS } from '#core/states/findings.ts';
import { ROW_KINDS } from '#core/states/state-table.ts';
import { area, rootView, start, time, undecidable } from './parts.ts';

const kinds = Object.fromEntries(STATE_KINDS.map((kind) => [kind, z.number()])) as Record<
  (typeof STATE_KINDS)[number],
  z.ZodNumber
>;

const skew = z
  .strictObject({
    subtask: z.int().describe('the one with the most state'),
    bytes: z.number(),
    median: z.number().describe('over all subtasks'),
    ratio: z.number().nullable().describe('the largest over the median; null where that is 0'),
    keyGroups: z
      .strictObject({ first: z.int(), last: z.int() })
      .describe('those of the subtask; they say something of keyed state only'),
  })
  .nullable()
  .describe('null for an operator with one subtask, or without state');

export const operatorState = z.strictObject({
  id: z.string().describe('32 hex digits'),
  name: z.string().nullable().describe('null before format version 5'),
  uid: z.string().nullable(),
  parallelism: z.int(),
  bytes: z.number(),
  newBytes: z.number().describe('how many of them are new: see newSince'),
  byKind: z
    .strictObject(kinds)
    .describe('timers: those that a heap holds beside RocksDB; changelog: changes since the last materialization'),
  skew,
});

/** The state of a root by operator; sizes as Flink counts them */
export const rootState = z.strictObject({
  bytes: z.number().describe('the sum over all operators: the full size that Flink shows for the checkpoint'),
  newBytes: z.number(),
  newSince: z
    .string()
    .nullable()
    .describe("the checkpoint before, without whose files newBytes are counted; null: newBytes are Flink's own count"),
  operators: z.array(operatorState).describe('the largest first'),
});

export const stateView = z.strictObject({
  operator: z.string().describe('id of the operator'),
  kind: z
    .enum(ROW_KINDS)
    .describe(
      'state, timers: by name; database: other files of RocksDB or ForSt; undivided: keyed state that shows no single states (heap backends, canonical savepoints); unread: files of which nothing is known; else state that is not keyed',
    ),
  state: z.string().nullable(),
  type: z.string().nullable().describe('VALUE, LIST, MAP, …'),
  hasTtl: z.boolean().nullable().describe('null where that is not known'),
  bytes: z.number().describe('as stored; those of an operator sum up to its bytes'),
  files: z.int(),
  entries: z.number().nullable().describe('older versions of a key and deletions included'),
  deletions: z.number().nullable(),
  meanValueBytes: z.number().nullable().describe('before compression'),
  compression: z.array(z.string()),
  oldestFile: time.nullable(),
  newestFile: time.nullable(),
  skew,
  growthBytesPerDay: z.number().nullable().describe('from remembered looks; null where they span less than a day'),
  costPerMonth: z.number().nullable(),
});

export const looked = z.strictObject({
  files: z.int().describe('state files that the checkpoints or savepoints reference'),
  remembered: z.int().describe('those that were read before'),
  requests: z.int().describe('GET requests for state files'),
  cost: z.number().nullable(),
  left: z.int().describe('requests that states.maxRequests left out'),
});

/** `steward states --json` */
export const statesDocument = z.strictObject({
  area,
  start,
  jobs: z.array(
    z.strictObject({
      label: z.string(),
      job: z.string().nullable(),
      directory: z.string(),
      root: rootView.nullable().describe('the checkpoint that the states are of; null where none could be read'),
      operators: rootState,
      states: z.array(stateView).describe('those of the largest operator first'),
      findings: z
        .array(
          z.strictObject({
            kind: z.enum(STATE_FINDINGS),
            operator: z.string().nullable().describe('its id; null for the whole checkpoint'),
            state: z.string().nullable(),
            sentence: z.string(),
          }),
        )
        .describe("why states are as large as they are, each with Flink's option that changes it"),
      uncountedBytes: z
        .number()
        .describe('of the files of the root, beyond what its operators count: unused parts of merged files'),
      notes: z.array(z.string()),
    }),
  ),
  looked,
  currency: z.string().nullable(),
  undecidable,
});
