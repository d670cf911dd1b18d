import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { SHORT_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import { publishSizes } from '#steward/metrics/publish-sizes.ts';
import { CheckpointObserver, type Observation, type ObserveOutcome } from '#steward/observe.ts';
import { objectsOf } from './events.ts';

/**
 * Receives the events of completed checkpoints and records the size of each checkpoint in the ledger. An event is only a
 * hint: it may arrive twice, late or never, and no decision to delete depends on it.
 */

export const eventSchema = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string().describe('id of the message'),
        body: z.string().describe('an S3 notification or an EventBridge event, as JSON'),
      }),
    )
    .describe('messages from the queue'),
});

const OUTCOMES = [
  'observed',
  'unreadable',
  'gone',
  'restored',
  'foreign',
] as const satisfies ObserveOutcome['outcome'][];

export const answerSchema = z.object({
  batchItemFailures: z
    .array(z.object({ itemIdentifier: z.string() }))
    .describe('messages that failed: the queue delivers them again, or moves them to the dead-letter queue'),
  outcomes: z
    .record(z.enum(OUTCOMES), z.number())
    .describe(
      'number of objects by outcome: observed, unreadable, gone (deleted before it was read), restored (by undo), foreign (not in the area)',
    ),
});

/** @throws BadEventError, DeploymentError, ConfigError; then SQS delivers the whole batch again. */
export async function checkpointCompletedHandler(
  event: unknown,
  runtime: Runtime,
): Promise<z.output<typeof answerSchema>> {
  const { Records } = parseEvent('checkpoint-completed', eventSchema, event);
  return await withDeadline(runtime, SHORT_MARGINS, async ({ soft }) => {
    const steward = await openDeployedSteward(runtime);
    const observer = new CheckpointObserver(steward, soft);
    const outcomes = { observed: 0, unreadable: 0, gone: 0, restored: 0, foreign: 0 };
    const batchItemFailures: { itemIdentifier: string }[] = [];
    const observed: Observation[] = [];
    for (const { messageId, body } of Records) {
      try {
        for (const url of objectsOf(body)) {
          soft.throwIfAborted();
          const seen = await observer.observe(url);
          outcomes[seen.outcome]++;
          if (seen.outcome === 'observed') {
            observed.push(seen.observation);
          }
          if (seen.outcome === 'unreadable') {
            runtime.log('warn', `${url} can't be read: ${seen.observation.unreadable}`, { url });
          }
        }
      } catch (error) {
        // A failure of one message must not cause another delivery of the whole batch.
        runtime.log('error', error instanceof Error ? error.message : String(error), { messageId });
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    // The observations are in the ledger already, and the next survey publishes the same metrics. So a failure here causes no
    // second delivery.
    await publishSizes(observed, observer.area, steward, runtime).catch((error: unknown) => {
      runtime.log('error', error instanceof Error ? error.message : String(error));
    });
    runtime.count(FUNCTION_METRICS.observed, outcomes.observed);
    runtime.count(FUNCTION_METRICS.failedRecords, batchItemFailures.length);
    runtime.log('info', `Received ${Records.length} messages.`, outcomes);
    return { batchItemFailures, outcomes };
  });
}
