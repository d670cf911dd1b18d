import type * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import type { Host } from '#functions/shared/host.ts';
import { openSteward } from '#functions/shared/open-steward.ts';
import { runAnswer, runAnswerSchema } from '#functions/shared/run-answer.ts';
import { runSteward } from '#functions/shared/run-steward.ts';
import { scheduleEventSchema } from '#functions/shared/schedule-event.ts';
import { waitForLease } from '#functions/shared/wait-for-lease.ts';

/** Looks at the area, and remembers what is garbage since when. Changes nothing but the ledger. */

export const eventSchema = scheduleEventSchema;
export const answerSchema = runAnswerSchema;

/** @throws BadEventError, DeploymentError, DeadlineError, and as runOverArea */
export async function surveyHandler(event: unknown, host: Host): Promise<z.output<typeof answerSchema>> {
  parseEvent('survey', eventSchema, event);
  return await withDeadline(host, LONG_MARGINS, async (deadline) => {
    const steward = await openSteward(host);
    const order = { command: 'survey', retires: false, sweep: null } as const;
    const report = await waitForLease(host, () => runSteward(steward, order, host, deadline));
    return runAnswer(report, steward, host);
  });
}
