import * as z from 'zod';
import { BREAKERS } from '#core/collect/breakers.ts';
import { saidOfJob } from '#functions/shared/function-requests.ts';
import type { WholeAnswers } from '#steward/stack/whole-answers.ts';

/** The actions of the function `manual`. */

const job = z.string().min(1).optional().describe('only this job: its label, its id, or the first digits of its id');
const execute = z.boolean().optional().describe('true to do it; by default nothing is changed');
const dryRun = z.boolean().optional().describe('true only to look; by default the action acts at once');
const atOnce = z.boolean().optional().describe('not needed; false is a dry run');
const by = z.string().min(1).optional().describe('who asks for it, for others');
const why = z.string().optional().describe('the reason, for others');
const accept = z.array(z.enum(BREAKERS)).optional().describe('breakers to ignore');
const root = z.string().min(1).describe('path or URL of a checkpoint or savepoint, as for "flink run -s"');
const runName = z
  .string()
  .regex(/^[\w-]+$/, { error: 'is not the name of a run or plan' })
  .describe('name of a run, or the beginning of it (four characters or more)');

export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('audit'), job }).describe('what is live and what could be deleted, for each job'),
  z.strictObject({ action: z.literal('plan'), job }).describe('what may be deleted; the plan is kept in the ledger'),
  z
    .strictObject({
      action: z.literal('apply'),
      plan: runName.describe('id of a plan, or the beginning of it (four characters or more)'),
      accept,
      execute,
    })
    .describe('executes a plan'),
  z
    .strictObject({
      action: z.literal('explain'),
      object: z.string().min(1).describe('its key, URL, file name, or page in the AWS console; or a directory'),
    })
    .describe('why one object is kept or deleted, or where it has gone'),
  z
    .strictObject({ action: z.literal('undo'), run: runName, execute })
    .describe('puts back what a run retired or deleted'),
  z
    .strictObject({
      action: z.literal('pin'),
      root: root.optional(),
      from: z.array(root).min(1).max(1000).optional().describe('paths of several, in place of "root"'),
      why,
      dryRun,
      execute: atOnce,
    })
    .describe('protects a checkpoint or savepoint, or several, at once'),
  z.strictObject({ action: z.literal('unpin'), root, execute }).describe('removes a pin'),
  z
    .strictObject({ action: z.literal('retire'), ...saidOfJob, accept, execute })
    .describe('retires checkpoints and savepoints by policy, or those of one job directory whose job is over'),
  z
    .strictObject({
      action: z.literal('declare-dead'),
      job: z
        .string()
        .min(1)
        .optional()
        .describe('a job that has ended for good: its id, the first digits of its id (four or more), or its label'),
      root: root.optional(),
      etag: z.string().optional().describe('ETag of the root'),
      execute,
    })
    .describe('declares that a job never runs again, or that an unreadable root is not needed'),
  z
    .strictObject({ action: z.literal('pause'), why, by, dryRun, execute: atOnce })
    .describe('stops all deleting, at once'),
  z
    .strictObject({
      action: z.literal('resume'),
      takeOver: z.boolean().optional().describe('take the area over from a ledger that is gone for good'),
      execute,
    })
    .describe('allows deleting again'),
  z
    .strictObject({
      action: z.literal('history'),
      run: runName.optional().describe('one run, by its name or the beginning of it, with everything it deleted'),
      object: z.string().min(1).optional().describe('what runs did to one object: its key, URL, or file name'),
      limit: z.int().min(1).max(99_999).optional().describe('number of runs; default 10, or all with "since"'),
      since: z.iso.datetime().optional().describe('leave out runs that began earlier'),
    })
    .describe('what earlier runs found and did'),
  z
    .strictObject({
      action: z.literal('verify-run'),
      run: runName.optional().describe('one run, by its name or the beginning of it'),
      last: z
        .int()
        .min(1)
        .max(9_999)
        .optional()
        .describe('in place of "run": so many of the newest runs that deleted or retired something; default 10'),
      ledgerOnly: z.boolean().optional().describe('read no checkpoint again'),
    })
    .describe('whether each deletion of a run was allowed'),
  z
    .strictObject({ action: z.literal('status') })
    .describe('what is in force: pause, pins, declarations, quarantine, last runs'),
  z.strictObject({ action: z.literal('restore-points'), job }).describe('what each job can be restored from'),
  z
    .strictObject({ action: z.literal('states'), job })
    .describe('which states make up a job, by operator and name; with "states" in the configuration'),
  z
    .strictObject({ action: z.literal('verify'), job })
    .describe('whether the state files of restore points are whole; with "states" in the configuration'),
  z
    .strictObject({
      action: z.literal('rules'),
      restore: z
        .boolean()
        .optional()
        .describe("whether to add the steward's own rules again that somebody has removed"),
      execute,
    })
    .describe('the lifecycle rules of the buckets: what they break, and what they should be'),
]);

/** What `steward --stack` sends: for the whole of an answer, and for its pages. */
export const eventSchema = z.discriminatedUnion('action', [
  actionSchema,
  z
    .strictObject({ action: z.literal('whole'), of: actionSchema.describe('an action, as above') })
    .describe('all that an action finds, for `steward --stack`, which prints it'),
  z
    .strictObject({
      action: z.literal('page'),
      of: z.string().regex(/^results\/[\w.-]+\.gz$/, { error: 'is not the name of a result' }),
      from: z.int().min(0),
    })
    .describe('the next part of a whole answer that is too long for one'),
]);
export type Action = z.output<typeof actionSchema>;
export type ActionNamed<Name extends Action['action']> = Extract<Action, { action: Name }>;

export const answerSchema = z.looseObject({
  action: z.string().describe('the action of the event'),
  executed: z.boolean().describe('whether anything was changed, or a function was started that will'),
  summary: z.string().describe('the result in a sentence'),
  error: z.string().optional().describe('why nothing was done, as a sentence'),
  notes: z.array(z.string()).optional().describe('what else to know; at most ten sentences'),
  details: z.string().nullable().describe('the file in the ledger that has the whole result'),
  next: z.string().nullable().describe('the command to run next'),
});
export type Answer = z.output<typeof answerSchema>;

/** An answer, and all that was found; null where that takes a look at the area and nobody asks for it. */
export type Answered<Name extends Action['action']> = Answer & { readonly whole: WholeAnswers[Name] | null };
