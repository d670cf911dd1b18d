import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { isDoorError } from '#functions/shared/own-errors.ts';
import { fewOf } from '#functions/shared/run-answer.ts';
import type { ManualRuntime } from '#functions/shared/runtime.ts';
import { isExpected } from '#steward/expected-errors.ts';
import { RefusedError } from '#steward/refusals.ts';
import { type Action, type Answer, actionSchema, answerSchema as schema } from './actions.ts';
import { applyAction, planAction, retireAction, rulesAction, undoAction } from './changes.ts';
import { declareDeadAction, pauseAction, pinAction, resumeAction, unpinAction } from './declarations.ts';
import { auditAction, explainAction, historyAction, restorePointsAction } from './queries.ts';
import { adviceOf } from './refusals.ts';
import { AskedError, type Session } from './session.ts';

/**
 * Answers people who call `aws lambda invoke`. It changes nothing without `"execute": true`. It has no permission to
 * delete: it starts the state machine whose function does.
 */

export const eventSchema = actionSchema;
export const answerSchema = schema;

/** An expected error is returned in the answer, as a sentence. @throws unexpected errors. */
export async function manualHandler(event: unknown, runtime: ManualRuntime): Promise<Answer> {
  let asked: Action | null = null;
  try {
    const action = parseEvent('manual', eventSchema, event);
    asked = action;
    return await withDeadline('manual', runtime, LONG_MARGINS, async (deadline) => {
      const steward = await openDeployedSteward(runtime, deadline.soft);
      const answer = await act(action, { steward, runtime, deadline });
      const notes = [...steward.notes.all, ...(answer.notes ?? [])];
      return { ...answer, notes: fewOf([...new Set(notes)]) };
    });
  } catch (error) {
    if (!(error instanceof AskedError || isDoorError(error) || isExpected(error))) {
      throw error;
    }
    const sentence = `${error.message}${error instanceof RefusedError ? adviceOf(error.refusal) : ''}`;
    runtime.log('warn', sentence, { event });
    return {
      action: asked?.action ?? 'none',
      executed: false,
      summary: 'Nothing was done.',
      error: sentence,
      notes: [],
      details: null,
      next: null,
    };
  }
}

async function act(asked: Action, session: Session): Promise<Answer> {
  switch (asked.action) {
    case 'audit':
      return await auditAction(asked, session);
    case 'plan':
      return await planAction(asked, session);
    case 'apply':
      return await applyAction(asked, session);
    case 'explain':
      return await explainAction(asked, session);
    case 'undo':
      return await undoAction(asked, session);
    case 'pin':
      return await pinAction(asked, session);
    case 'unpin':
      return await unpinAction(asked, session);
    case 'retire':
      return await retireAction(asked, session);
    case 'declare-dead':
      return await declareDeadAction(asked, session);
    case 'pause':
      return await pauseAction(asked, session);
    case 'resume':
      return await resumeAction(asked, session);
    case 'history':
      return await historyAction(asked, session);
    case 'restore-points':
      return await restorePointsAction(asked, session);
    case 'rules':
      return await rulesAction(asked, session);
    default:
      return asked satisfies never;
  }
}
