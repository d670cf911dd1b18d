import * as z from 'zod';
import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { undoOrderSchema } from '#functions/shared/function-requests.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { undoAnswerSchema } from '#functions/shared/undo-answer-schema.ts';
import { healAnswerSchema, healed } from './heal.ts';

/**
 * Takes back what a run retired or deleted, and what others deleted of live state, as far as that is possible. It alone may
 * write back into the area.
 */

export const eventSchema = undoOrderSchema;
export const answerSchema = z.union([undoAnswerSchema.describe('After an undo'), healAnswerSchema]);
type Answer = z.output<typeof answerSchema>;

/**
 * @throws BadEventError, DeploymentError, and as undoRun. A held lease is an error here: `manual` starts no undo beside another
 * run, and what a person has asked for must not be lost unseen.
 */
export async function undoHandler(event: unknown, runtime: Runtime): Promise<Answer> {
  const order = parseEvent('undo', eventSchema, event);
  return await withDeadline('undo', runtime, LONG_MARGINS, async ({ soft }) => {
    const steward = await openDeployedSteward(runtime, soft);
    if ('heal' in order) return await healed(order.heal, steward, runtime, soft);
    const [{ undo }, { undoAnswer }] = await Promise.all([
      import('#steward/undo.ts'),
      import('#functions/shared/undo-answer.ts'),
    ]);
    const report = await undo(steward, order.run, { execute: true, command: 'undo' });
    const answer = undoAnswer(report.undone, report);
    runtime.log(answer.lost > 0 ? 'warn' : 'info', answer.summary, answer);
    return answer;
  });
}
