import * as z from 'zod';
import { explanation, goneObject, missingObject, severalObjects } from './explain.ts';
import { deadJob, paused, pin } from './history.ts';
import { amount, deletion, groups, retention, runRecord, time, withheld } from './parts.ts';
import { pinnedList } from './statements.ts';
import { stateView } from './states.ts';
import { statusShape } from './status.ts';

/** What the function `manual` answers, by action. Lists are short; the whole is in the file that `details` names. */

const executed = z.boolean().describe('whether anything was changed, or started that will');
const summary = z.string();
const details = z.string().nullable().describe('where in the ledger the whole of it is');
const next = z.string().nullable().describe('the command to run next');
const sentences = z.array(z.string()).describe('ten at most');
const notes = sentences.describe('what else to know; ten at most');

/** The answer to an action: these members, and those that all answers have. */
function answer<Action extends string, Shape extends z.ZodRawShape>(action: Action, shape: Shape) {
  return z.strictObject({ action: z.literal(action), executed, summary, ...shape, notes, details, next });
}

const run = {
  ...runRecord.pick({
    run: true,
    result: true,
    why: true,
    total: true,
    live: true,
    quarantined: true,
    deletable: true,
    deleted: true,
    kept: true,
    refused: true,
    roots: true,
    retired: true,
    breakers: true,
  }).shape,
  findings: sentences,
};

const moreJobs = z.int().describe('how many more jobs the details have');

/** What was started, where it was executed. */
const collection = {
  execution: z.string().optional().describe('ARN of the execution of the state machine that was started'),
  follow: z.string().optional().describe('the command that tells how it goes'),
};

const answers = [
  answer('audit', {
    total: amount,
    groups,
    jobs: z.array(
      z.strictObject({
        label: z.string(),
        job: z.string().nullable(),
        total: amount,
        live: amount,
        reclaimable: amount,
        restorePoints: z.int(),
        newestRestorePoint: z.string().nullable(),
      }),
    ),
    moreJobs,
    staying: z.array(z.string()).describe('what waits or stays, and what would free it'),
    undecidable: sentences,
    findings: sentences,
  }),
  answer('plan', {
    plan: z.string().nullable().describe('id of the plan'),
    objects: z.int(),
    quarantineEnds: time.nullable().describe('when the first object in quarantine may go'),
    ...run,
  }),
  answer('apply', { plan: z.string(), objects: z.int(), expires: time, ...collection }),
  answer('explain', explanation.shape),
  answer('explain', { gone: z.literal(true), ...goneObject.shape }),
  answer('explain', { missing: z.literal(true), ...missingObject.shape }),
  answer('explain', { several: z.literal(true), ...severalObjects.shape }),
  answer('undo', {}),
  answer('undo', {
    run: z.string(),
    roots: z.int(),
    objects: z.int(),
    lost: z.int(),
    reasons: sentences,
  }),
  answer('pin', {}),
  answer('pin', pinnedList.shape),
  answer('unpin', {}),
  answer('declare-dead', {}),
  answer('pause', {}),
  answer('resume', {}),
  answer('retire', collection),
  answer('retire', { why: z.string().nullable(), roots: z.array(retention) }),
  answer('history', {
    paused,
    pins: z.array(pin),
    deadJobs: z.array(deadJob),
    retired: z.int(),
    runs: z.array(
      runRecord.pick({
        run: true,
        command: true,
        began: true,
        result: true,
        why: true,
        breakers: true,
        deletable: true,
        deleted: true,
        retired: true,
      }),
    ),
  }),
  answer('history', { record: runRecord.nullable(), deletions: z.array(deletion) }),
  answer('history', goneObject.shape),
  answer('verify-run', { notProven: z.array(z.strictObject({ run: z.string(), findings: sentences })) }),
  answer('status', statusShape),
  answer('restore-points', {
    jobs: z.array(
      z.strictObject({
        label: z.string(),
        job: z.string().nullable(),
        restorePoints: z.int(),
        completed: time.nullable(),
        command: z.string().nullable(),
        readsFrom: z.string().nullable(),
        timesDistrusted: z.string().nullable(),
        withheld: z.array(withheld.omit({ completed: true, files: true })),
        damage: z.string().nullable(),
        repair: sentences,
        finding: z.string().nullable(),
      }),
    ),
    moreJobs,
  }),
  answer('states', {
    jobs: z.array(
      z.strictObject({
        label: z.string(),
        job: z.string().nullable(),
        bytes: z.number(),
        states: z
          .array(
            stateView
              .pick({ kind: true, state: true, bytes: true, hasTtl: true, growthBytesPerDay: true })
              .extend({ operator: z.string().describe('name, or id') }),
          )
          .describe('the five largest'),
        findings: sentences,
      }),
    ),
    moreJobs,
  }),
  answer('verify', {
    jobs: z.array(
      z.strictObject({
        label: z.string(),
        job: z.string().nullable(),
        restorePoints: z.int(),
        stateFiles: z.int(),
        looked: z.int(),
        broken: sentences,
        damaged: sentences,
        unread: sentences,
      }),
    ),
    moreJobs,
  }),
  answer('rules', {}),
  answer('rules', {
    hazards: sentences,
    buckets: z.array(
      z.strictObject({
        bucket: z.string(),
        result: z.enum(['in-step', 'written', 'differs', 'not-written', 'not-as-written', 'unknown']),
        why: z.string().nullable(),
        added: z.array(z.string()),
        replaced: z.array(z.string()),
        removed: z.array(z.string()),
        takenOut: z.array(z.string()),
        foreign: z.int(),
      }),
    ),
    unknown: sentences,
  }),
] as const;

const whole = z
  .strictObject({
    gzip: z.string().describe('a part of the whole as JSON, compressed, in base64'),
    more: z.strictObject({ of: z.string(), from: z.int() }).nullable().describe('what to ask for next, as "page"'),
  })
  .describe('for `steward --stack`; what is in it is no interface');

const failed = z.strictObject({
  action: z.string().describe('"none" where the question was not understood'),
  executed: z.literal(false),
  summary,
  error: z.string(),
  notes,
  whole: whole.optional(),
  details: z.null(),
  next: z.null(),
});

export const manualAnswer = z.union([...answers, answer('whole', { whole }), answer('page', { whole }), failed]);
