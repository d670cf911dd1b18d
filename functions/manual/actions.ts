import * as z from 'zod';
import { BREAKERS } from '#core/collect/breakers.ts';

/** What people may ask of the function `manual`. */

const job = z.string().min(1).optional().describe('only this job: its id, the first digits of it, or its label');
const execute = z.boolean().optional().describe('do it; without this nothing is changed');
const why = z.string().optional().describe('for those who find it later');
const accept = z.array(z.enum(BREAKERS)).optional().describe('breakers that must not stop it');
const root = z.string().min(1).describe('path or URL of a checkpoint or savepoint, as "flink run -s" takes it');
const name = z.string().regex(/^[\w-]+$/, { error: 'is not the name of a run or plan' });

export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('audit'), job }).describe('what is live and what could go, per job'),
  z.strictObject({ action: z.literal('plan'), job }).describe('what may go; the plan stays in the ledger'),
  z
    .strictObject({ action: z.literal('apply'), plan: name.describe('id of a plan'), accept, execute })
    .describe('executes a plan'),
  z
    .strictObject({ action: z.literal('explain'), object: z.string().min(1).describe('its key or URL') })
    .describe('why one object is kept or goes'),
  z
    .strictObject({ action: z.literal('undo'), run: name.describe('the run to take back'), execute })
    .describe('takes back what a run retired or deleted'),
  z.strictObject({ action: z.literal('pin'), root, why, execute }).describe('keeps a checkpoint or savepoint'),
  z.strictObject({ action: z.literal('unpin'), root, execute }).describe('takes a pin back'),
  z.strictObject({ action: z.literal('retire'), accept, execute }).describe('withdraws roots by policy'),
  z
    .strictObject({
      action: z.literal('declare-dead'),
      job: z
        .string()
        .regex(/^[0-9a-f]{32}$/i, { error: 'is not the 32 hex digits of a job id' })
        .optional()
        .describe('the id of a job that never runs again, 32 hex digits'),
      root: root.optional(),
      etag: z.string().optional().describe('of the root'),
      execute,
    })
    .describe('says that a job never runs again, or that a root is of no use'),
  z.strictObject({ action: z.literal('pause'), why, execute }).describe('stops all deleting'),
  z
    .strictObject({
      action: z.literal('resume'),
      takeOver: z.boolean().optional().describe('from another ledger, which is gone for good'),
      execute,
    })
    .describe('allows deleting again'),
  z
    .strictObject({
      action: z.literal('history'),
      run: name.optional().describe('one run, with all that it deleted'),
      limit: z.int().min(1).max(100).optional().describe('how many runs; default 10'),
    })
    .describe('what earlier runs found and did'),
  z.strictObject({ action: z.literal('restore-points'), job }).describe('where each job can be restored from'),
  z
    .strictObject({
      action: z.literal('rules'),
      restore: z.boolean().optional().describe("whether the steward's own rules come back that somebody has taken out"),
      execute,
    })
    .describe("the buckets' lifecycle rules: what they break, and what they should be"),
]);
export type Action = z.output<typeof actionSchema>;
export type ActionNamed<Name extends Action['action']> = Extract<Action, { action: Name }>;

export const answerSchema = z.looseObject({
  action: z.string().describe('what was asked'),
  executed: z.boolean().describe('whether anything was changed, or started that will'),
  summary: z.string().describe('a sentence'),
  error: z.string().optional().describe('why nothing could be done, as a sentence'),
  notes: z.array(z.string()).optional().describe('what else to know, as sentences; ten at most'),
  details: z.string().nullable().describe('where in the ledger the whole of it lies'),
  next: z.string().nullable().describe('the command to run next'),
});
export type Answer = z.output<typeof answerSchema>;
