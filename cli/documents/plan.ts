import * as z from 'zod';
import { BREAKERS } from '#core/collect/breakers.ts';
import { VERDICTS } from '#core/collect/verdicts.ts';
import { amount, area, objectKind, rule, start, time, undecidable, verdict } from './parts.ts';

/** `steward plan --json` */
export const planDocument = z.strictObject({
  job: z
    .string()
    .optional()
    .describe('with --job: the job as it was typed; totals, reasons and quarantine then count only its objects'),
  area,
  start,
  totals: z.record(z.enum(VERDICTS), amount).describe('all objects, by verdict'),
  reasons: z
    .array(z.strictObject({ rule, verdict, objects: z.int(), bytes: z.number() }))
    .describe('all objects, by the rule that decided; the largest first'),
  quarantine: z
    .strictObject({
      firstEnds: time.nullable().describe('when the first of it may go; null where no quarantine has begun'),
      lastEnds: time.nullable().describe('when all of it may go that is in quarantine by now'),
      unremembered: z.int().describe('objects that no earlier run has recorded as garbage'),
    })
    .describe('of garbage in quarantine'),
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
  mayGoFrom: time.optional().describe('of garbage in quarantine: when that ends'),
  archived: z.literal(true).optional().describe('it must be restored from an archive before it can be read'),
  roots: z.array(z.string()).describe('keys of up to five roots that reference it'),
});
