import * as z from 'zod';
import { guardOf } from '#config/guard.ts';
import type { JobHistory } from '#core/signals/job-history.ts';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import type { UndoOrder } from '#functions/shared/function-requests.ts';
import { leaseHeldSchema, unlessLeaseHeld } from '#functions/shared/lease-held.ts';
import { hasOutgrown } from '#functions/shared/outgrown.ts';
import { openToRun } from '#functions/shared/over-area.ts';
import { runAnswerSchema } from '#functions/shared/run-answer-schema.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { scheduleEventSchema } from '#functions/shared/schedule-event.ts';
import { scopeSlice } from '#functions/shared/scope-slice.ts';
import type { LedgeredSteward } from '#steward/steward.ts';
import { verifiedSchema, verifyLastRuns } from './verify-last-runs.ts';

/**
 * Surveys the area, records since when each object has been garbage, and publishes the metrics of the jobs. It changes only
 * the ledger.
 */

export const eventSchema = scheduleEventSchema.extend({
  only: z
    .enum(['metrics', 'proof'])
    .optional()
    .describe(
      'in place of a survey. metrics: publishes the known metrics again, because alarms forget after three hours; proof: verifies the runs of the last eight days from the ledger',
    ),
});
const republishedSchema = z
  .object({
    result: z.enum(['published', 'no-survey-yet']).describe('whether there were metrics to publish'),
    surveyed: z.string().nullable().describe('when the area was last surveyed'),
    jobs: z.number().describe('number of known jobs, including those that have ended'),
  })
  .describe('With `"only": "metrics"`, and where the collection surveys the area in shards');
export const answerSchema = z.union([
  runAnswerSchema.describe('After a survey'),
  republishedSchema,
  verifiedSchema,
  leaseHeldSchema,
]);

/** Has `undo` go on with what a pause or its time has ended. */
async function resumeHealing(steward: LedgeredSteward, runtime: Runtime): Promise<void> {
  const { healingToResume } = await import('#steward/resume-healing.ts');
  const parts = await healingToResume(steward);
  if (parts === null) return;
  const order: UndoOrder = { heal: [...parts], by: 'survey' };
  await runtime.start(requireEnv(runtime.environment, ENV.undoFunction), order);
  runtime.log('info', 'Bringing lost objects back goes on.');
}

/** The most jobs that the report page shows over time: each takes some hundred kilobytes of memory. */
const MOST_DRAWN = 1_000;

/** @throws BadEventError, DeploymentError, DeadlineError, MetricError, and as runOverArea */
export async function surveyHandler(event: unknown, runtime: Runtime): Promise<z.output<typeof answerSchema>> {
  const { only } = parseEvent('survey', eventSchema, event);
  return await withDeadline('survey', runtime, LONG_MARGINS, async (deadline) => {
    const { steward, runSteward, runAnswer } = await openToRun(runtime);
    if (only === 'proof') return await verifyLastRuns(steward, runtime);
    const { fleetFacts, republish } = await import('#steward/metrics/republish.ts');
    const outgrown = await hasOutgrown(steward, runtime);
    if (outgrown !== null)
      runtime.log('info', `${outgrown.why} The collection surveys it in shards, and leaves what is published here.`);
    if (outgrown !== null && only === undefined) await resumeHealing(steward, runtime);
    if (only === 'metrics' || outgrown !== null) {
      return await republish(steward, runtime, outgrown === null ? 'survey' : 'collect');
    }
    const { JobGaugesToPublish } = await import('#steward/metrics/publish-jobs.ts');
    const scope = scopeSlice(runtime, 'weekly', 0.25);
    const guarded = guardOf(steward.config).mode !== 'off';
    const order = { command: 'survey', retires: false, sweep: null, scope, guarded } as const;
    const surveyed = await unlessLeaseHeld(runtime, async () => {
      const seen = new JobGaugesToPublish(steward, runtime.clock());
      const kept: JobHistory[] = [];
      const onHistory = (history: JobHistory): void => {
        seen.add(history);
        if (kept.length < MOST_DRAWN) kept.push(history);
      };
      const ran = await runSteward(steward, { ...order, onHistory }, deadline);
      return { report: ran, gauges: seen, histories: kept };
    });
    if ('result' in surveyed) return surveyed;
    const { report, gauges, histories } = surveyed;
    const answer = runAnswer(report, steward, runtime);
    const [{ leaveRestorePoints }, { leaveReport }, { locationTotals }] = await Promise.all([
      import('#steward/restore-points.ts'),
      import('#steward/leave-report.ts'),
      import('#steward/metrics/location-totals.ts'),
    ]);
    await leaveRestorePoints(steward, report);
    // The survey counts even if its report page could not be written.
    await leaveReport(steward, report, histories, deadline.soft).catch((error: unknown) => {
      runtime.log('error', `The report page could not be written: ${error instanceof Error ? error.message : error}`);
    });
    await resumeHealing(steward, runtime);
    // Last, because publishing can fail: the result of the survey is in the log by now.
    const facts = await fleetFacts(steward, report.survey.undecidable.length, runtime.clock());
    await gauges.publish(runtime, facts, { more: locationTotals(report) });
    return answer;
  });
}
