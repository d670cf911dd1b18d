import * as z from 'zod';
import { S3LifecycleWriter } from '#adapters/s3/s3-lifecycle-writer.ts';
import { tidyingPolicy } from '#config/lifecycle-policy.ts';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { rulesOrderSchema } from '#functions/shared/function-requests.ts';
import { openSteward, type Steward } from '#functions/shared/open-steward.ts';
import { FUNCTION_METRICS, type Host } from '#functions/shared/runtime.ts';
import { bucketsOf } from '#operations/bucket-rules/check-rules.ts';
import { type RulesReconciliation, reconcileRules } from '#operations/bucket-rules/reconcile-rules.ts';
import type { LifecycleWriter } from '#ports/lifecycle-writer.ts';
import { hazardsSchema, publishHazards } from '#steward/metrics/publish-hazards.ts';

/**
 * Keeps the steward's own lifecycle rules in step, or says what they should be: the only one that writes them. Then it
 * looks which rules of anybody take live state.
 */

export const eventSchema = rulesOrderSchema;

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
export async function lifecycleRulesHandler(event: unknown, host: Host): Promise<z.output<typeof answerSchema>> {
  const { write, restore = false } = parseEvent('lifecycle-rules', eventSchema, event);
  return await withDeadline(host, LONG_MARGINS, async ({ soft }) => {
    const steward = await openSteward(host);
    const writes = write ?? (steward.config.lifecycle.manage ?? (steward.owned ? 'write' : 'check')) === 'write';
    const buckets: RulesReconciliation[] = [];
    for (const { facts, locations } of bucketsOf(steward.locations)) {
      const reconciliation = await reconcileRules({
        facts,
        prefixes: locations.map((location) => steward.locations[location]?.area.prefix ?? ''),
        policy: tidyingPolicy(steward.config),
        ledger: steward.ledger,
        writer: writes ? writerOf(steward, locations) : null,
        restore,
        options: { signal: soft },
      });
      tell(reconciliation, host);
      buckets.push(reconciliation);
    }
    // Last: whatever hinders a survey, the rules are in step by now.
    return { buckets, hazards: await publishHazards(steward, host, soft) };
  });
}

function writerOf({ locations }: Steward, [first]: readonly number[]): LifecycleWriter | null {
  const reach = locations[first ?? -1]?.reach;
  return reach?.kind === 'bucket' ? new S3LifecycleWriter(reach) : null;
}

function tell({ bucket, result, why, takenOut, document, ...ids }: RulesReconciliation, host: Host): void {
  const isWell = result === 'in-step' || result === 'written' || result === 'differs';
  host.log(isWell ? 'info' : 'error', why ?? `The lifecycle rules of ${bucket}: ${result}.`, { ...ids, document });
  host.count(FUNCTION_METRICS.rulesTakenOut, takenOut.length);
  if (takenOut.length > 0) {
    host.log(
      'warn',
      `Somebody has taken rules of the steward out of ${bucket}: ${takenOut.join(', ')}. They stay out until they are asked for: {"action":"rules","restore":true,"execute":true} to the function manual.`,
    );
  }
}
