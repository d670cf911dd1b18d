import * as z from 'zod';
import { BREAKERS } from '#core/collect/breakers.ts';
import { VERDICTS } from '#core/collect/verdicts.ts';
import { amount, area, objectKind, rule, start, undecidable, verdict } from './parts.ts';

/** `steward plan --json` */
export const planDocument = z.strictObject({
  area,
  start,
  totals: z.record(z.enum(VERDICTS), amount).describe('all objects, by verdict'),
  reasons: z
    .array(z.strictObject({ rule, verdict, objects: z.int(), bytes: z.number() }))
    .describe('all objects, by the rule that decided; the largest first'),
  undecidable,
  breakers: z.array(z.strictObject({ breaker: z.enum(BREAKERS), sentence: z.string() })).describe('those that tripped'),
  findings: z.array(
    z.strictObject({ kind: z.enum(['damaged-checkpoint', 'pinned-root-missing']), sentence: z.string() }),
  ),
  notes: z.array(z.string()),
});

/** One line of `steward plan --verdicts FILE` */
export const verdictLine = z.strictObject({
  location: z.string(),
  key: z.string().describe('whole key in a bucket; path below the location in a directory'),
  bytes: z.number(),
  verdict,
  reason: z.string(),
  rule,
  job: z.string().nullable().describe('32 hex digits'),
  kind: objectKind,
  archived: z.literal(true).optional().describe('it must be restored from an archive before it can be read'),
  roots: z.array(z.string()).describe('keys of up to five roots that reference it'),
});
