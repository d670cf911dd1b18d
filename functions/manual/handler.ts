import { parseEvent } from '#functions/shared/bad-event.ts';
import { LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { fewOf } from '#functions/shared/few-of.ts';
import { openDeployedSteward } from '#functions/shared/open-steward.ts';
import { isDoorError } from '#functions/shared/own-errors.ts';
import type { ManualRuntime } from '#functions/shared/runtime.ts';
import { isExpected } from '#steward/expected-errors.ts';
import { RefusedError } from '#steward/refusals.ts';
import {
  type Action,
  type Answer,
  type Answered,
  eventSchema as manualEventSchema,
  answerSchema as schema,
} from './actions.ts';
import { adviceOf } from './refusals.ts';
import { AskedError, type Session } from './session.ts';
import { failurePage, firstPage, nextPage } from './whole.ts';

/**
 * Answers people who call `aws lambda invoke`. It changes nothing without `"execute": true`. It has no permission to
 * delete: it starts the state machine whose function does.
 */

export const eventSchema = manualEventSchema;
export const answerSchema = schema;

/** An expected error is returned in the answer, as a sentence. @throws unexpected errors. */
export async function manualHandler(event: unknown, runtime: ManualRuntime): Promise<Answer> {
  const began = runtime.clock();
  let asked: Action | null = null;
  try {
    const parsed = parseEvent('manual', eventSchema, event);
    return await withDeadline('manual', runtime, LONG_MARGINS, async (deadline) => {
      const steward = await openDeployedSteward(runtime, deadline.soft);
      if (parsed.action === 'page') return { ...PAGED, whole: await nextPage(parsed, steward) };
      const action = parsed.action === 'whole' ? parsed.of : parsed;
      asked = action;
      const { whole: found, ...answer } = await act(action, {
        steward,
        runtime,
        deadline,
        began,
        isWhole: parsed.action === 'whole',
      });
      const notes = [...new Set([...steward.notes.all, ...(answer.notes ?? [])])];
      const answered = { ...answer, notes: fewOf(notes) };
      if (parsed.action !== 'whole') return answered;
      const { executed, summary } = answered;
      const whole = await firstPage({ found, notes: steward.notes.all }, steward, runtime);
      return { ...PAGED, action: 'whole', executed, summary, whole };
    });
  } catch (error) {
    if (!(error instanceof AskedError || isDoorError(error) || isExpected(error))) {
      throw error;
    }
    const sentence = `${error.message}${error instanceof RefusedError ? adviceOf(error.refusal) : ''}`;
    runtime.log('warn', sentence, { event });
    return {
      ...PAGED,
      action: actionOf(asked),
      summary: 'Nothing was done.',
      error: sentence,
      ...(isOfStack(event) ? { whole: failurePage(error, error.message) } : {}),
    };
  }
}

const PAGED: Answer = {
  action: 'page',
  executed: false,
  summary: 'A part of an answer.',
  notes: [],
  details: null,
  next: null,
};

function actionOf(asked: Action | null): string {
  return asked?.action ?? 'none';
}

/** Whether the command line asks, which tells errors in its own words, also of an event that it should not have sent. */
function isOfStack(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'action' in event && /^(?:whole|page)$/.test(`${event.action}`);
}

/** Loads what the action needs, and nothing that only others need. */
async function act(asked: Action, session: Session): Promise<Answered<Action['action']>> {
  switch (asked.action) {
    case 'audit':
      return await (await import('./queries.ts')).auditAction(asked, session);
    case 'plan':
      return await (await import('./changes.ts')).planAction(asked, session);
    case 'apply':
      return await (await import('./changes.ts')).applyAction(asked, session);
    case 'explain':
      return await (await import('./queries.ts')).explainAction(asked, session);
    case 'undo':
      return await (await import('./changes.ts')).undoAction(asked, session);
    case 'pin':
      return await (await import('./declarations.ts')).pinAction(asked, session);
    case 'unpin':
      return await (await import('./declarations.ts')).unpinAction(asked, session);
    case 'retire':
      return await (await import('./changes.ts')).retireAction(asked, session);
    case 'declare-dead':
      return await (await import('./declarations.ts')).declareDeadAction(asked, session);
    case 'pause':
      return await (await import('./declarations.ts')).pauseAction(asked, session);
    case 'resume':
      return await (await import('./declarations.ts')).resumeAction(asked, session);
    case 'history':
      return await (await import('./queries.ts')).historyAction(asked, session);
    case 'verify-run':
      return await (await import('./verify-run.ts')).verifyRunAction(asked, session);
    case 'status':
      return await (await import('./queries.ts')).statusAction(session);
    case 'restore-points':
      return await (await import('./queries.ts')).restorePointsAction(asked, session);
    case 'states':
      return await (await import('./states.ts')).statesAction(asked, session);
    case 'verify':
      return await (await import('./states.ts')).verifyAction(asked, session);
    case 'rules':
      return await (await import('./changes.ts')).rulesAction(asked, session);
    default:
      return asked satisfies never;
  }
}
