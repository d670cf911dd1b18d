import * as z from 'zod';
import { SITE_KINDS } from '#core/discovery/sites.ts';
import { time } from './parts.ts';

const text = z.string();

/** `steward init --json` */
export const initDocument = z.strictObject({
  at: time.describe('when it was proposed, by the clock of this machine'),
  file: text.nullable().describe('the file that was to be written; null with --print'),
  written: z.boolean(),
  found: z.array(
    z.strictObject({
      kind: z.enum([...SITE_KINDS, 'entropy', 'copy']),
      place: text.describe('URL or path of the folder'),
      count: z.int().nullable().describe('job directories or savepoints; null where they are not counted'),
      atLeast: z.boolean().describe('whether there may be more'),
    }),
  ),
  reasons: z.array(
    z.strictObject({
      key: z.enum(['area', 'protect', 'outside', 'copies', 'aliases', 'labels']),
      entry: z.union([text, z.record(text, z.unknown())]).describe('as it is written into the file'),
      why: text.nullable(),
      unsure: z.boolean().describe('whether it is a guess'),
    }),
  ),
  notes: z.array(text).describe('what is not certain'),
  configuration: z.record(text, z.unknown()).describe('what the file says: docs/configuration.md'),
  text: text.describe('the file, with its comments'),
  requests: z.strictObject({ list: z.int(), get: z.int() }),
  next: z.array(text).describe('the commands to run next'),
});
