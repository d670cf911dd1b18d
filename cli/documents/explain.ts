import * as z from 'zod';
import { amount, deletion, retiredRoot, rule, time, undecidable, verdict } from './parts.ts';
import { verdictLine } from './plan.ts';

const counted = {
  ...amount.shape,
  verdicts: z.array(z.strictObject({ verdict, ...amount.shape })).describe('how many of them, by verdict'),
};

export const explanation = z.strictObject({
  ...verdictLine.shape,
  url: z.string(),
  modified: time,
  because: z.array(z.string()).describe('sentences with the times and numbers of this object'),
  alsoKeptBy: z.array(rule).describe('rules that would keep it if the deciding one did not'),
  namedBy: z
    .array(z.strictObject({ path: z.string(), key: z.string(), completed: time, restorePoint: z.boolean() }))
    .describe('every root that references it, newest first'),
  undecidable,
  below: z
    .strictObject({ directory: z.string().describe('its URL'), ...counted })
    .optional()
    .describe('where a directory was asked about: what is below it. Its newest root is explained'),
});

export const severalObjects = z.strictObject({
  ...counted,
  listed: z.array(z.strictObject({ ...verdictLine.shape, url: z.string() })).describe('the first of them'),
});

export const goneObject = z.strictObject({
  url: z.string(),
  deletions: z.array(deletion).min(1).describe('each time that a run deleted it or tried to, newest first'),
  retired: retiredRoot.nullable(),
});

export const missingObject = z.strictObject({
  url: z.string(),
  namedBy: z.array(z.strictObject({ path: z.string(), completed: time })),
});

/** `steward explain --json`: an object that exists, several, one that a run deleted, or one that roots reference but that is missing */
export const explainDocument = z.union([
  explanation,
  z.strictObject({
    gone: z.literal(true),
    ...goneObject.shape,
    undo: z.string().nullable().describe('the command that puts it back, where possible'),
  }),
  z.strictObject({ missing: z.literal(true), ...missingObject.shape }),
  z.strictObject({ several: z.literal(true), ...severalObjects.shape }),
]);
