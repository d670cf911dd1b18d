import * as z from 'zod';
import { STAYING_KINDS } from '#core/collect/staying.ts';
import { type JudgementRule, REASONS, VERDICTS } from '#core/collect/verdicts.ts';
import { OBJECT_KINDS } from '#core/flink/layout.ts';

/** What several documents have in common. Every object is strict: a member that the schema does not know is an error. */

export const time = z.iso.datetime();
export const verdict = z.enum(VERDICTS);
export const rule = z
  .enum(Object.keys(REASONS) as [JudgementRule, ...JudgementRule[]])
  .describe('stable name of a rule: docs/safety.md');
export const objectKind = z.enum(OBJECT_KINDS);

export const amount = z.strictObject({ objects: z.int(), bytes: z.number() });

export const area = z.array(z.string()).describe('the locations that were surveyed');
export const start = time.describe("when the survey began, by the store's clock");

export const undecidable = z
  .array(
    z.strictObject({
      code: z.string().describe('stable name of the reason: docs/safety.md'),
      object: z.string().describe('key or URL that it is about'),
      sentence: z.string(),
    }),
  )
  .describe('why nothing in the area may be deleted; empty in a good run');

export const kind = z.enum(['checkpoint', 'full-checkpoint', 'savepoint-canonical', 'savepoint-native', 'unknown']);

export const rootView = z.strictObject({
  path: z.string().describe('URL of the directory of the _metadata: what "flink run -s" takes'),
  key: z.string().describe('whole key of the _metadata'),
  checkpointId: z.string().nullable().describe('decimal; null where the _metadata could not be read'),
  formatVersion: z.int().nullable(),
  kind,
  completed: time,
  ageSeconds: z.int(),
  bytes: z.number().describe('bytes that a restore reads'),
  missing: z.int().describe('referenced files that are missing or have another size'),
  firstMissing: z.string().nullable(),
  archived: z
    .int()
    .describe('files, its own among them, that must be restored from an archive before they can be read'),
  firstArchived: z.string().nullable(),
});

/** A root that is whole, and from which Flink can't start as things are. */
export const withheld = z.strictObject({
  path: z.string(),
  completed: time,
  reason: z.enum(['archived', 'properties', 'copy']),
  sentence: z.string(),
  commands: z.array(z.string()).describe('what must be run first, and at the end the restore'),
  files: z.array(z.string()).describe('the first files that it is about'),
});

export const groups = z
  .strictObject({
    live: amount,
    reclaimable: amount,
    young: amount,
    inProgress: amount,
    protected: amount,
    unknown: amount,
    undecided: amount,
  })
  .describe('all objects, by what their verdicts mean');

export const staying = z
  .array(
    z.strictObject({
      kind: z.enum(STAYING_KINDS),
      objects: z.int(),
      bytes: z.number(),
      oldest: time.describe('when the oldest of them was written'),
      newest: time,
      owners: z.int().describe('how many jobs, and directories of no job, it is in'),
      example: z.string().describe('URL of the oldest object'),
      from: time
        .nullable()
        .describe('when the first of them stops waiting, if nothing is written until then; null: time changes nothing'),
      what: z.string(),
      remedy: z.string().describe('what frees it, in sentences'),
      setting: z.string().nullable().describe('the key of steward.json that frees it'),
      command: z.string().nullable().describe('the command that frees it, or shows how'),
    }),
  )
  .describe('what waits or stays, and what would free it');

export const monthlyCost = z.strictObject({ live: z.number(), reclaimable: z.number(), total: z.number() });

export const budget = z
  .strictObject({ bytes: z.number(), assumed: z.boolean().describe('whether it is assumed, not configured') })
  .nullable();
export const cause = z.enum(['state', 'pile-up', 'new-garbage', 'uncollected-garbage', 'other']).nullable();

export const outlook = z
  .strictObject({
    checkpointBytes: z.number().nullable().describe('full size of the newest checkpoint'),
    growthRatio: z.number().nullable().describe('its size over the median of the seven days before it'),
    cadence: z.number().nullable().describe('usual time between two checkpoints, in milliseconds'),
    lateness: z.number().nullable().describe('age of the newest checkpoint in multiples of the cadence'),
    growthBytesPerDay: z.number().nullable(),
    budget,
    daysToBudget: z.number().nullable(),
    cause: cause.describe('what makes up most of the growth'),
  })
  .describe('how the job changes over time; null where it is not known');

export const deletion = z.strictObject({
  url: z.string(),
  bytes: z.number(),
  etag: z.string(),
  modified: time,
  rule: z.string().describe('the rule that decided, or "retired" for a root'),
  garbageSince: time.nullable().describe('the first run that found it garbage; null for a root'),
  garbageRuns: z
    .int()
    .optional()
    .describe('in how many runs it was garbage, this one included; absent for a root, and in older logs'),
  run: z.string(),
  outcome: z
    .enum(['deleted', 'gone', 'changed', 'refused', 'unknown'])
    .describe('unknown: the run ended before it knew'),
  versionId: z.string().nullable().describe('of the delete marker, in a versioned bucket'),
  why: z.string().nullable(),
});

export const retiredRoot = z.strictObject({
  url: z.string(),
  etag: z.string(),
  bytes: z.number(),
  completed: time,
  run: z.string().describe('the run that retired it'),
  file: z.string().describe('path of its copy in the ledger'),
  state: z.enum(['retiring', 'retired', 'restored']),
  restoredEtag: z.string().nullable(),
});

export const runRecord = z.strictObject({
  run: z.string().describe('name of the run'),
  command: z.string(),
  plan: z.string().optional().describe('id of the plan that it was to execute; absent where it had none'),
  began: time,
  ended: time,
  area: z.array(z.string()),
  executed: z.boolean().describe('false for a dry run'),
  result: z.enum(['done', 'nothing-to-do', 'observed', 'stopped', 'undecidable', 'failed']),
  why: z.string().nullable().describe('why it stopped or failed, or did only a part'),
  total: amount,
  live: amount,
  quarantined: amount,
  quarantineEnds: time
    .nullable()
    .optional()
    .describe(
      'when the first object in quarantine may go; null if none is in quarantine, absent if it was not recorded',
    ),
  deletable: amount,
  deleted: amount,
  kept: z.int().describe('objects that were to be deleted and were kept: changed since, or refused by the store'),
  refused: z.int().describe('of these, the ones that the store refused to delete'),
  roots: z.int(),
  retired: z.int(),
  restored: z.int().describe('what undo put back'),
  breakers: z.array(z.string()).describe('names of the breakers that tripped'),
  certificate: z
    .string()
    .nullable()
    .optional()
    .describe(
      'SHA-256 of the certificate, which "steward verify-run" checks; null where one was due and could not be written, absent where none was due',
    ),
});

export const retention = z.strictObject({
  path: z.string(),
  completed: time,
  group: z.string().describe('what it was counted with'),
  action: z.enum(['keep', 'retire']),
  reasons: z.array(z.strictObject({ rule: z.string(), sentence: z.string() })),
});

export const finding = z.strictObject({
  kind: z.enum(['damaged-checkpoint', 'pinned-root-missing', 'lifecycle-rule']),
  sentence: z.string(),
});
