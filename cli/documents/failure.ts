import * as z from 'zod';
import { partialInspection } from './inspect.ts';

const status = z.int().describe('exit status');

/** What every command prints with `--json` if it fails; `inspect` adds details about a `_metadata` that it refuses */
export const failureDocument = z.strictObject({
  error: z.union([
    z.strictObject({ message: z.string(), status }),
    z.strictObject({
      code: z.string(),
      message: z.string(),
      offset: z.number().optional(),
      formatVersion: z.int().nullable().optional(),
      referencesRead: z.int().optional(),
      status,
    }),
  ]),
  read: partialInspection.optional().describe('of `inspect`: what could be read of the _metadata'),
});
