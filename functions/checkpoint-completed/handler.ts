import pMap from 'p-map';
import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { SHORT_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { queueEventSchema } from '#functions/shared/queue-messages.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import type { CheckpointObserver, Observation, ObserveOutcome, ReadObservations } from '#steward/observe.ts';
import { objectsOf } from './events.ts';

/**
 * Receives the events of completed checkpoints and records the sizes of a batch of them in the ledger. An event is only a
 * hint: it may arrive twice, late or never, and no decision to delete depends on it.
 */

export const eventSchema = queueEventSchema;

const OUTCOMES = ['observed', 'unreadable', 'gone', 'restored', 'foreign'] as const;

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

/** Messages that are processed at a time: each reads one object. */
const AT_ONCE = 16;
/** What this process has read of the ledger in earlier invocations. */
let read: ReadObservations | undefined;

/** What one message led to. */
interface Processed {
  readonly messageId: string;
  readonly failed: boolean;
  readonly seen: readonly ObserveOutcome[];
}

/** @throws BadEventError, DeploymentError, ConfigError; then SQS delivers the whole batch again. */
export async function checkpointCompletedHandler(
  event: unknown,
  runtime: Runtime,
): Promise<z.output<typeof answerSchema>> {
  const { Records } = parseEvent('checkpoint-completed', eventSchema, event);
  return await withDeadline('checkpoint-completed', runtime, SHORT_MARGINS, async ({ soft }) => {
    const [steward, observe, metrics] = await Promise.all([
      openDeployedSteward(runtime),
      import('#steward/observe.ts'),
      import('#steward/metrics/publish-sizes.ts'),
    ]);
    read ??= new observe.ReadObservations();
    const observer = new observe.CheckpointObserver(steward, soft);
    const processed = await pMap(
      Records,
      async ({ messageId, body }): Promise<Processed> => {
        try {
          return { messageId, failed: false, seen: await seenIn(body, observer, soft, runtime) };
        } catch (error) {
          // A failure of one message must not cause another delivery of the whole batch.
          runtime.log('error', sentenceOf(error), { messageId });
          return { messageId, failed: true, seen: [] };
        }
      },
      { concurrency: AT_ONCE },
    );
    const { recorded, failed } = await record(processed, observer, runtime);
    // The observations are in the ledger already, and the next survey publishes the same metrics. So a failure here causes no
    // second delivery.
    await metrics.publishSizes(recorded, observer.area, steward, { ...runtime, read }).catch((error: unknown) => {
      runtime.log('error', sentenceOf(error));
    });
    const outcomes = outcomesOf(processed, recorded, failed);
    runtime.count(FUNCTION_METRICS.observed, outcomes.observed);
    runtime.count(FUNCTION_METRICS.failedRecords, failed.size);
    runtime.log('info', `Received ${Records.length} messages.`, outcomes);
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })), outcomes };
  });
}

/** @throws BadEventError, StoreError, DeadlineError */
async function seenIn(
  body: string,
  observer: CheckpointObserver,
  soft: AbortSignal,
  runtime: Runtime,
): Promise<readonly ObserveOutcome[]> {
  const seen: ObserveOutcome[] = [];
  for (const url of objectsOf(body)) {
    soft.throwIfAborted();
    const one = await observer.observe(url);
    if (one.outcome === 'unreadable') {
      runtime.log('warn', `${url} can't be read: ${one.observation.unreadable}`, { url });
    }
    seen.push(one);
  }
  return seen;
}

/** If the ledger can't be written, every message with an observation fails, and SQS delivers it again. */
async function record(
  processed: readonly Processed[],
  observer: CheckpointObserver,
  runtime: Runtime,
): Promise<{ readonly recorded: readonly Observation[]; readonly failed: ReadonlySet<string> }> {
  const failed = new Set(processed.filter((one) => one.failed).map(({ messageId }) => messageId));
  try {
    return { recorded: await observer.record(processed.flatMap(({ seen }) => seen.flatMap(observationOf))), failed };
  } catch (error) {
    runtime.log('error', sentenceOf(error));
    const lost = processed.filter(({ seen }) => seen.flatMap(observationOf).length > 0);
    return { recorded: [], failed: new Set([...failed, ...lost.map(({ messageId }) => messageId)]) };
  }
}

type Outcomes = z.output<typeof answerSchema>['outcomes'];

function outcomesOf(
  processed: readonly Processed[],
  recorded: readonly Observation[],
  failed: ReadonlySet<string>,
): Outcomes {
  const outcomes = { observed: 0, unreadable: 0, gone: 0, restored: 0, foreign: 0 };
  const kept = new Set(recorded);
  for (const { messageId, seen } of processed) {
    for (const one of failed.has(messageId) ? [] : seen) {
      outcomes['observation' in one && !kept.has(one.observation) ? 'restored' : one.outcome]++;
    }
  }
  return outcomes;
}

function observationOf(seen: ObserveOutcome): readonly Observation[] {
  return 'observation' in seen ? [seen.observation] : [];
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
