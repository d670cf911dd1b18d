import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { fewOf } from '#functions/shared/few-of.ts';
import { rulesOrderSchema } from '#functions/shared/function-requests.ts';
import { openDeployedSteward, writesRules } from '#functions/shared/open-steward.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import type { RulesReconciliation } from '#steward/lifecycle-rules.ts';
import { lifecycleWriterOf } from '#steward/lifecycle-writer.ts';

/**
 * Writes the steward's own lifecycle rules, or reports what they should be. No other function writes lifecycle rules. Then
 * it checks which lifecycle rules of any owner delete live state.
 */

export const eventSchema = rulesOrderSchema;

const hazardsSchema = z.object({
  rules: z
    .number()
    .describe('number of lifecycle rules that delete what a checkpoint, a savepoint or a cluster needs, or may do so'),
  bytes: z.number().describe('bytes of live state that they delete'),
  sentences: z.array(z.string()).describe('which rule deletes what and when; at most ten sentences'),
  unknown: z.array(z.string()).describe('why the rules of a bucket are unknown'),
});

export const answerSchema = z.object({
  buckets: z.array(
    z.object({
      bucket: z.string().describe('s3://bucket'),
      result: z
        .enum(['in-step', 'written', 'differs', 'not-written', 'not-as-written', 'unknown'])
        .describe(
          'differs: only compared. not-written: should have been written, see why. not-as-written: the bucket has other rules than those just written',
        ),
      why: z.string().nullable().describe('why the rules were not written, as a sentence'),
      added: z.array(z.string()).readonly().describe("ids of the steward's own rules that are added"),
      replaced: z.array(z.string()).readonly().describe("ids of the steward's own rules that are changed"),
      removed: z.array(z.string()).readonly().describe("ids of the steward's own rules that are removed"),
      takenOut: z
        .array(z.string())
        .readonly()
        .describe("ids of the steward's own rules that somebody else has removed"),
      foreign: z.number().describe('number of rules of others, which are never changed'),
      document: z.unknown().describe('the whole configuration as it should be; null if it is so already'),
    }),
  ),
  hazards: hazardsSchema.describe('live state that the rules of the buckets delete'),
});

/** @throws BadEventError, DeploymentError, DeadlineError, StoreError, LedgerError, MetricError */
export async function lifecycleRulesHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const { write, restore = false } = parseEvent('lifecycle-rules', eventSchema, event);
  return await withDeadline('lifecycle-rules', runtime, LONG_MARGINS, async ({ soft }) => {
    // Loaded while the steward opens, which waits for the ledger.
    const [steward, { reconcileBuckets }, { publishHazards }] = await Promise.all([
      openDeployedSteward(runtime),
      import('#steward/lifecycle-rules.ts'),
      import('#steward/metrics/publish-hazards.ts'),
    ]);
    const writes = write ?? writesRules(steward);
    const buckets = await reconcileBuckets(steward, {
      writerOf: writes ? lifecycleWriterOf : () => null,
      restore,
      signal: soft,
      onBucket: (reconciliation) => report(reconciliation, runtime),
    });
    // Last, because a survey can fail: the rules are written by now.
    const hazards = await publishHazards(steward, runtime, soft);
    return {
      buckets: [...buckets],
      hazards: { ...hazards, sentences: fewOf(hazards.sentences), unknown: [...hazards.unknown] },
    };
  });
}

function report({ bucket, result, why, takenOut, document, ...ids }: RulesReconciliation, runtime: Runtime): void {
  const isWell = result === 'in-step' || result === 'written' || result === 'differs';
  runtime.log(isWell ? 'info' : 'error', why ?? `The lifecycle rules of ${bucket}: ${result}.`, { ...ids, document });
  runtime.count(FUNCTION_METRICS.rulesTakenOut, takenOut.length);
  if (takenOut.length > 0) {
    runtime.log(
      'warn',
      `Somebody removed lifecycle rules of the steward from ${bucket}: ${takenOut.join(', ')}. They are not added again. To add them again, invoke the function manual with {"action":"rules","restore":true,"execute":true}.`,
    );
  }
}
