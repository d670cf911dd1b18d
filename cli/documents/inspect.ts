import * as z from 'zod';
import { kind } from './parts.ts';
import { operatorState, rootState } from './states.ts';

const long = z.string().regex(/^-?\d+$/);

/** `steward inspect --json`; 64-bit numbers are decimal strings */
export const inspectDocument = z.strictObject({
  formatVersion: z.int(),
  checkpointId: long,
  kind,
  operators: z.array(
    z.strictObject({
      id: z.string().describe('32 hex digits'),
      name: z.string().nullable().describe('null before format version 5'),
      uid: z.string().nullable(),
      parallelism: z.int(),
      maxParallelism: z.int(),
      subtasks: z.int().describe('subtasks with state'),
      finishedSubtasks: z.int(),
      finished: z.boolean(),
    }),
  ),
  references: z
    .array(
      z.strictObject({
        path: z.string().describe('as stored'),
        relative: z.boolean(),
        resolved: z.string().nullable().describe("as Flink's Path prints it"),
        bytes: long.describe('-1 where Flink did not know'),
        segment: z.boolean().describe('whether it is a part of a merged file'),
      }),
    )
    .describe('one for each handle that references a file, in the order of the file'),
  inlineBytes: long.describe('state inside the _metadata itself'),
  fileBytes: z.int(),
  usesChangelog: z.boolean(),
  state: rootState.extend({
    operators: z.array(
      operatorState.extend({
        subtasks: z
          .array(z.strictObject({ subtask: z.int(), bytes: z.number() }))
          .describe('those with an entry in the file'),
      }),
    ),
  }),
});

/** What was read of a file until it could not be read further */
export const partialInspection = z.strictObject({
  ...inspectDocument.shape,
  formatVersion: z.int().nullable(),
  checkpointId: long.nullable(),
});
