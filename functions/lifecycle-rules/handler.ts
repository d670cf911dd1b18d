import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { rulesOrderSchema } from '#functions/shared/function-requests.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { fewOf } from '#functions/shared/run-answer.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import { type RulesReconciliation, reconcileBuckets } from '#steward/lifecycle-rules.ts';
import { lifecycleWriterOf } from '#steward/lifecycle-writer.ts';
import { publishHazards } from '#steward/metrics/publish-hazards.ts';

/**
 * Keeps the steward's own lifecycle rules in step, or says what they should be: the only one that writes them. Then it
 * looks which rules of anybody take live state.
 */

export const eventSchema = rulesOrderSchema;

const hazardsSchema = z.object({
  rules: z.number().describe('lifecycle rules that take what a checkpoint, a savepoint or a cluster needs'),
  bytes: z.number().describe('what they take of it'),
  sentences: z.array(z.string()).describe('which rule takes what and when; ten at most'),
  unknown: z.array(z.string()).describe('why the rules of a bucket are not known'),
});

export const answerSchema = z.object({
  buckets: z.array(
    z.object({
      bucket: z.string().describe('s3://bucket'),
      result: z
        .enum(['in-step', 'written', 'differs', 'not-written', 'not-as-written', 'unknown'])
        .describe('what was found or done'),
      why: z.string().nullable().describe('why it was not written, as a sentence'),
      added: z.array(z.string()).readonly().describe("ids of the steward's own rules that come"),
      replaced: z.array(z.string()).readonly().describe('that change'),
      removed: z.array(z.string()).readonly().describe('that go'),
      takenOut: z.array(z.string()).readonly().describe('that somebody else has taken out'),
      foreign: z.number().describe('rules of others, which stay as they are'),
      document: z.unknown().describe('the whole configuration as it should be; null where it is so'),
    }),
  ),
  hazards: hazardsSchema.describe('what the rules of the buckets take of live state'),
});

/** @throws BadEventError, DeploymentError, DeadlineError, StoreError, LedgerError, MetricError */
export async function lifecycleRulesHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const { write, restore = false } = parseEvent('lifecycle-rules', eventSchema, event);
  return await withDeadline(runtime, LONG_MARGINS, async ({ soft }) => {
    const steward = await openDeployedSteward(runtime);
    const writes = write ?? (steward.config.lifecycle.manage ?? (steward.owned ? 'write' : 'check')) === 'write';
    const buckets = await reconcileBuckets(steward, {
      writerOf: writes ? lifecycleWriterOf : () => null,
      restore,
      signal: soft,
      onBucket: (reconciliation) => tell(reconciliation, runtime),
    });
    // Last: whatever hinders a survey, the rules are in step by now.
    const hazards = await publishHazards(steward, runtime, soft);
    return {
      buckets: [...buckets],
      hazards: { ...hazards, sentences: fewOf(hazards.sentences), unknown: [...hazards.unknown] },
    };
  });
}

function tell({ bucket, result, why, takenOut, document, ...ids }: RulesReconciliation, runtime: Runtime): void {
  const isWell = result === 'in-step' || result === 'written' || result === 'differs';
  runtime.log(isWell ? 'info' : 'error', why ?? `The lifecycle rules of ${bucket}: ${result}.`, { ...ids, document });
  runtime.count(FUNCTION_METRICS.rulesTakenOut, takenOut.length);
  if (takenOut.length > 0) {
    runtime.log(
      'warn',
      `Somebody has taken rules of the steward out of ${bucket}: ${takenOut.join(', ')}. They stay out until they are asked for: {"action":"rules","restore":true,"execute":true} to the function manual.`,
    );
  }
}
