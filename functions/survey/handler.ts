import * as z from 'zod';
import type { JobHistory } from '#core/signals/job-history.ts';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { openSteward } from '#functions/shared/open-steward.ts';
import { runAnswer, runAnswerSchema } from '#functions/shared/run-answer.ts';
import { runSteward } from '#functions/shared/run-steward.ts';
import type { Host } from '#functions/shared/runtime.ts';
import { scheduleEventSchema } from '#functions/shared/schedule-event.ts';
import { waitForLease } from '#functions/shared/wait-for-lease.ts';
import { rememberRestorePoints } from '#operations/jobs/remember-restore-points.ts';
import { writeReport } from '#steward/leave-report.ts';
import { locationTotals } from '#steward/metrics/location-totals.ts';
import { JobGaugesToPublish } from '#steward/metrics/publish-jobs.ts';
import { fleetFacts, republish, republishedSchema } from '#steward/metrics/republish.ts';

/**
 * Looks at the area, remembers what is garbage since when, and publishes what it saw of the jobs. Changes nothing but the
 * ledger.
 */

export const eventSchema = scheduleEventSchema.extend({
  only: z
    .literal('metrics')
    .optional()
    .describe('publishes once more what is known, without a look at the area: alarms forget after three hours'),
});
export const answerSchema = z.union([runAnswerSchema, republishedSchema]);

/** Jobs that the page shows over time: of each it takes some hundred kilobytes of memory. */
const MOST_DRAWN = 1_000;

/** @throws BadEventError, DeploymentError, DeadlineError, MetricError, and as runOverArea */
export async function surveyHandler(event: unknown, host: Host): Promise<z.output<typeof answerSchema>> {
  const { only } = parseEvent('survey', eventSchema, event);
  return await withDeadline(host, LONG_MARGINS, async (deadline) => {
    const steward = await openSteward(host);
    if (only === 'metrics') {
      return await republish(steward, host);
    }
    const order = { command: 'survey', retires: false, sweep: null } as const;
    const { report, gauges, histories } = await waitForLease(host, async () => {
      const seen = new JobGaugesToPublish(steward.config, host.clock());
      const kept: JobHistory[] = [];
      const onHistory = (history: JobHistory): void => {
        seen.add(history);
        if (kept.length < MOST_DRAWN) kept.push(history);
      };
      const ran = await runSteward(steward, { ...order, onHistory }, host, deadline);
      return { report: ran, gauges: seen, histories: kept };
    });
    const answer = runAnswer(report, steward, host);
    await rememberRestorePoints(steward.ledger, report, steward.config.labels);
    await writeReport(report, steward, { histories, host, signal: deadline.soft });
    // Last: whatever becomes of the metrics, the log tells what the survey found.
    const facts = await fleetFacts(steward, report.survey.undecidable.length, host.clock());
    await gauges.publish(host, facts, { more: locationTotals(report) });
    return answer;
  });
}
