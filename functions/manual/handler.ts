import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { openSteward } from '#functions/shared/open-steward.ts';
import type { Host } from '#functions/shared/runtime.ts';
import { isForeseen } from '#steward/expected-errors.ts';
import { type Action, type Answer, actionSchema, answerSchema as schema } from './actions.ts';
import { applyAction, planAction, retireAction, rulesAction, undoAction } from './changes.ts';
import { declareDeadAction, pauseAction, pinAction, resumeAction, unpinAction } from './declarations.ts';
import { auditAction, explainAction, historyAction, restorePointsAction } from './queries.ts';
import { AskedError, type Desk } from './session.ts';

/**
 * Answers people: `aws lambda invoke`. It changes nothing without `"execute": true`, and can delete nothing at all: what
 * deletes, it starts.
 */

export const eventSchema = actionSchema;
export const answerSchema = schema;

/** What is wrong with the question comes back as its answer, in a sentence. @throws what nobody foresaw */
export async function manualHandler(event: unknown, host: Host): Promise<Answer> {
  let asked: Action | null = null;
  try {
    const action = parseEvent('manual', eventSchema, event);
    asked = action;
    return await withDeadline(host, LONG_MARGINS, async (deadline) =>
      act(action, { steward: await openSteward(host), host, deadline }),
    );
  } catch (error) {
    if (!(error instanceof AskedError || isForeseen(error))) {
      throw error;
    }
    host.log('warn', error.message, { event });
    return {
      action: asked?.action ?? 'none',
      executed: false,
      summary: 'Nothing was done.',
      error: error.message,
      details: null,
      next: null,
    };
  }
}

async function act(asked: Action, desk: Desk): Promise<Answer> {
  switch (asked.action) {
    case 'audit':
      return await auditAction(asked, desk);
    case 'plan':
      return await planAction(asked, desk);
    case 'apply':
      return await applyAction(asked, desk);
    case 'explain':
      return await explainAction(asked, desk);
    case 'undo':
      return await undoAction(asked, desk);
    case 'pin':
      return await pinAction(asked, desk);
    case 'unpin':
      return await unpinAction(asked, desk);
    case 'retire':
      return await retireAction(asked, desk);
    case 'declare-dead':
      return await declareDeadAction(asked, desk);
    case 'pause':
      return await pauseAction(asked, desk);
    case 'resume':
      return await resumeAction(asked, desk);
    case 'history':
      return await historyAction(asked, desk);
    case 'restore-points':
      return await restorePointsAction(asked, desk);
    case 'rules':
      return await rulesAction(asked, desk);
    default:
      return asked satisfies never;
  }
}
