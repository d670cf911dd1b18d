import * as z from 'zod';

const MODES = ['lifecycle', 'all', 'off'] as const;
const MODE = 'Write "lifecycle", "all" or "off".';
const HEAL = 'Write true, false or "all".';
const RULE = 'Write the ID of a lifecycle rule.';
const GUARD = `${MODE} Or write an object such as {"mode": "lifecycle", "heal": true}.`;

/** What a deployment does about objects that others delete. */
export const guardSchema = z
  .union(
    [
      z.enum(MODES),
      z.strictObject({
        mode: z
          .enum(MODES, { error: MODE })
          .default('lifecycle')
          .describe('Of which deletions the guard is told, as above. Default: "lifecycle".'),
        heal: z
          .union([z.boolean(), z.literal('all')], { error: HEAL })
          .default(false)
          .describe(
            'Whether lost objects are brought back at once, in buckets that keep versions: true where a lifecycle rule deleted them, "all" also where somebody else did, who may have meant it. Never while deleting is paused. Default: false.',
          ),
        acceptedRules: z
          .array(z.string().min(1, { error: RULE }))
          .default([])
          .describe(
            'IDs of lifecycle rules that are meant to delete checkpoints or savepoints, such as old savepoints. What only they can have deleted raises no alarm and is not brought back. Default: none.',
          ),
      }),
    ],
    { error: GUARD },
  )
  .default('lifecycle')
  .describe(
    'Whether a deployment finds out within two minutes that others have deleted live state. "lifecycle": S3 tells it of what lifecycle rules delete. "all": of all deletions, those of Flink too, which costs more. "off": of none. An adopted bucket tells nothing before its notifications have the entry that the stack prints. Default: "lifecycle".',
  );
