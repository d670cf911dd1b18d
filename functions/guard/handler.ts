import * as z from 'zod';
import { isoTime } from '#core/iso-time.ts';
import { moment } from '#core/quantity.ts';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { SHORT_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import type { UndoOrder } from '#functions/shared/function-requests.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { queueEventSchema } from '#functions/shared/queue-messages.ts';
import { FUNCTION_METRICS, type Runtime } from '#functions/shared/runtime.ts';
import { type Deletion, type GuardReport, guardDeletions, ReadLiveSet } from '#steward/guard.ts';
import { deletionsIn } from './events.ts';

/**
 * Hears of objects that were deleted, finds out whether live state is among them, raises the alarm, and has `undo` bring
 * back what can come back, where the configuration says so. It changes only the ledger.
 */

export const eventSchema = queueEventSchema;

export const answerSchema = z.object({
  batchItemFailures: z
    .array(z.object({ itemIdentifier: z.string() }))
    .describe(
      'messages that are delivered again: they failed, or it is not known yet whether Flink is discarding the checkpoint that they are about, or whether a job goes on whose directory was emptied',
    ),
  deleted: z.number().describe('deletions that the messages told of'),
  lost: z.number().describe('live objects among them, which no one but Flink and the steward may delete'),
  restorePoints: z.number().describe('restore points that the losses of the last hour have broken'),
  summary: z.array(z.string()).describe('who deleted what, which restore points broke, and what follows'),
  healing: z.boolean().describe('whether `undo` was started to bring objects back'),
});

/** The delivery after which a message is not kept any more: before it would end among the dead letters. The survey finds the rest. */
const LAST_LOOK = 4;

/** What this process has read of the ledger in earlier invocations. */
const READ = new ReadLiveSet();

interface Heard {
  readonly messageId: string;
  readonly deletions: readonly Deletion[];
  /** From 1. */
  readonly delivery: number;
}

/** @throws BadEventError, DeploymentError, ConfigError, StoreError, LedgerError, MetricError; then SQS delivers the batch again. */
export async function guardHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const { Records } = parseEvent('guard', eventSchema, event);
  return await withDeadline('guard', runtime, SHORT_MARGINS, async ({ soft }) => {
    const { heard, failed } = hear(Records, runtime);
    const deletions = heard.flatMap((one) => one.deletions);
    if (deletions.length === 0) {
      // Such as the test event, which S3 sends while the stack is still being made.
      runtime.count(FUNCTION_METRICS.failedRecords, failed.length);
      return nothingHeard(failed);
    }
    const steward = await openDeployedSteward(runtime, soft);
    const report = await guardDeletions(deletions, steward, runtime, {
      read: READ,
      again: againIn(heard),
      signal: soft,
    });
    if (report.toHeal !== null) {
      const order: UndoOrder = { heal: [...report.toHeal], by: 'guard' };
      await runtime.start(requireEnv(runtime.environment, ENV.undoFunction), order);
    }
    say(report, deletions.length, runtime);
    // Only now, since healing does not wait for it. The batch comes again, and counts once.
    if (report.unpublished !== null) throw report.unpublished;
    const again = new Set([
      ...failed,
      ...heard.filter((one) => isUnsettled(one, report)).map(({ messageId }) => messageId),
    ]);
    runtime.count(FUNCTION_METRICS.failedRecords, failed.length);
    return {
      batchItemFailures: [...again].map((itemIdentifier) => ({ itemIdentifier })),
      deleted: deletions.length,
      lost: report.lost,
      restorePoints: report.incident?.broken.length ?? 0,
      summary: [...report.sentences],
      healing: report.toHeal !== null,
    };
  });
}

function nothingHeard(failed: readonly string[]): z.output<typeof answerSchema> {
  return {
    batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
    deleted: 0,
    lost: 0,
    restorePoints: 0,
    summary: [],
    healing: false,
  };
}

/** What was told before, and not settled then. */
function againIn(heard: readonly Heard[]): ReadonlySet<string> {
  return new Set(
    heard.filter(({ delivery }) => delivery > 1).flatMap(({ deletions }) => deletions.map(({ url }) => url)),
  );
}

/** A message that nobody understands must not cause another delivery of the whole batch. */
function hear(
  records: z.output<typeof eventSchema>['Records'],
  runtime: Runtime,
): { readonly heard: readonly Heard[]; readonly failed: readonly string[] } {
  const heard: Heard[] = [];
  const failed: string[] = [];
  for (const { messageId, body, attributes } of records) {
    try {
      heard.push({
        messageId,
        deletions: deletionsIn(body),
        delivery: Number(attributes?.ApproximateReceiveCount ?? 1),
      });
    } catch (error) {
      runtime.log('error', error instanceof Error ? error.message : String(error), { messageId });
      failed.push(messageId);
    }
  }
  return { heard, failed };
}

function isUnsettled({ deletions, delivery }: Heard, { unsettled }: GuardReport): boolean {
  return delivery < LAST_LOOK && deletions.some(({ url }) => unsettled.includes(url));
}

function say(report: GuardReport, told: number, runtime: Runtime): void {
  if (report.blind) {
    const last = report.surveyed === null ? 'yet' : `since ${moment(isoTime(report.surveyed))}`;
    runtime.log(
      'warn',
      `The guard is blind: no survey has left what is live ${last}. What rules deleted is held against the checkpoints and savepoints that are there; what others deleted of newer files is not found.`,
    );
  }
  const { lost, cleared, outside, unsettled } = report;
  for (const sentence of report.sentences) runtime.log('error', sentence);
  runtime.log('info', `Heard of ${told} deletions.`, { lost, cleared, outside, unsettled: unsettled.length });
}
