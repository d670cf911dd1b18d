import { maySavepointsGo } from '#config/retention.ts';
import { quarantineEnds } from '#core/collect/quarantine-ends.ts';
import { isoTime } from '#core/iso-time.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import { type RulesOrder, type SweepOrder, saidIn, type UndoOrder } from '#functions/shared/function-requests.ts';
import { writesRules } from '#functions/shared/open-steward.ts';
import { runAnswer } from '#functions/shared/run-answer.ts';
import { scopeSlice } from '#functions/shared/scope-slice.ts';
import { undoAnswer } from '#functions/shared/undo-answer.ts';
import { checkSurroundings, LOOK } from '#steward/check-surroundings.ts';
import { existingState } from '#steward/declarations.ts';
import { emptiness } from '#steward/empty-area.ts';
import { runMeant, runNamed, sayPaused } from '#steward/history.ts';
import { partOfPlan } from '#steward/part-of-plan.ts';
import { leavePlan, placeOfPlan, unspentPlan } from '#steward/plans.ts';
import { type RunOrder, runSteward } from '#steward/run.ts';
import { planOfRun, retentionOfRun } from '#steward/run-document.ts';
import { viewOfRun } from '#steward/run-view.ts';
import { refuseWhileLeaseIsHeld } from '#steward/under-lease.ts';
import { undoNamed } from '#steward/undo.ts';
import type { ActionNamed, Answer, Answered } from './actions.ts';
import { rulesQuery } from './queries.ts';
import { AskedError, leave, next, type Session } from './session.ts';
import { dryRunOfPlan, startedNow } from './whole-changes.ts';

/**
 * The actions that change the area if they are executed: by the state machine of the collection, which alone may start
 * `sweep`, or by other functions with the needed permissions.
 */

const BY = 'manual';
const FOLLOW = 'To follow it, or to see how it ended: the command "follow" of this answer.';
const SOON = 'To see the result: {"action":"history"}.';

/** Makes a plan. It counts as a run, so garbage is recorded and its quarantine continues. */
export async function planAction({ job }: ActionNamed<'plan'>, session: Session): Promise<Answered<'plan'>> {
  const { steward, runtime, deadline } = session;
  const report = await runSteward(
    steward,
    {
      command: 'plan',
      retires: false,
      sweep: async () => () => true,
      scope: scopeSlice(runtime, 'first', 0.25),
      acts: true,
    },
    deadline,
  );
  const answer = runAnswer(report, steward, runtime);
  const part = job === undefined ? undefined : partOfPlan(job, report, steward);
  const chosen = (object: number): boolean => part?.has(object) ?? true;
  const { first } = quarantineEnds(report.survey, report.verdicts, report.survey.start);
  const firstEnds = first === null ? null : isoTime(first);
  const isDecidable = answer.result !== 'undecidable';
  const locations = steward.places.map((bucket) => ({ bucket }));
  const plan = isDecidable ? await leavePlan(steward, report, locations, chosen) : null;
  const hasWork = plan !== null && plan.objects > 0;
  return {
    action: 'plan',
    executed: false,
    summary: isDecidable
      ? `${plan?.objects ?? 0} objects${job === undefined ? '' : ` of ${job}`} would be deleted; ${answer.quarantined.objects} objects in the area are in quarantine${firstEnds === null ? '' : `; the first may go from ${firstEnds}`}.`
      : `The area is undecidable, so nothing may be deleted: ${answer.why}.`,
    plan: hasWork ? plan.id : null,
    objects: plan?.objects ?? 0,
    quarantineEnds: firstEnds,
    ...answer,
    details: hasWork ? placeOfPlan(steward, plan.id) : null,
    whole: {
      report: planOfRun(steward, report, part),
      plan: hasWork ? plan.id : null,
      empty: emptiness(report.survey),
    },
    next: hasWork ? next(session, { action: 'apply', plan: plan.id, execute: true }) : null,
  };
}

export async function applyAction(asked: ActionNamed<'apply'>, session: Session): Promise<Answered<'apply'>> {
  const { steward } = session;
  const { plan: named, accept, execute } = asked;
  const id = await runMeant(steward.ledger, named);
  const plan = await unspentPlan(steward, id);
  const about = { plan: id, objects: plan.objects, expires: plan.head.expires, details: placeOfPlan(steward, id) };
  if (execute) {
    const order: SweepOrder = { order: 'apply', plan: id, by: BY, ...(accept === undefined ? {} : { accept }) };
    const started = await startCollection(`apply-${id}`, order, session);
    return {
      action: 'apply',
      executed: true,
      summary: `Started: of the ${plan.objects} objects in the plan, those that are still garbage will be deleted. ${FOLLOW}`,
      ...started,
      ...about,
      whole: startedNow('apply', session, { execution: started.execution, plan: plan.head.id }),
    };
  }
  return {
    action: 'apply',
    executed: false,
    summary: `Dry run: nothing was changed. Of the ${plan.objects} objects in the plan, those that are still garbage would be deleted.`,
    ...about,
    whole: await dryRunOfPlan(plan, accept, session),
    next: next(session, { ...asked, plan: id, execute: true }),
  };
}

export async function retireAction(asked: ActionNamed<'retire'>, session: Session): Promise<Answered<'retire'>> {
  const { steward, runtime, deadline } = session;
  const { action: _, accept, execute, ...which } = asked;
  const said = saidIn(which);
  if (said === undefined) {
    throw new AskedError(
      'To retire the checkpoints of one job, the event names its directory ("job"), and either "all": true, which "savepoints": true may follow, or "before". Nothing was done.',
    );
  }
  if (said?.savepoints === true && !maySavepointsGo(steward.config)) {
    throw new AskedError(
      'The roles of this deployment may not delete savepoints, because "retain" in steward.json keeps all of them. Nothing was done. Set "savepoints" of an entry of "retain", such as {"keepLast": 3}, and deploy again; or leave "savepoints" out of the event.',
    );
  }
  if (execute) {
    const order: SweepOrder = { order: 'retire', ...which, by: BY, ...(accept === undefined ? {} : { accept }) };
    const started = await startCollection(`retire-${compactTime(runtime)}`, order, session);
    const what = said === null ? 'by policy' : `of ${said.job} as asked`;
    const summary = `Started: checkpoints and savepoints will be retired ${what}. ${FOLLOW}`;
    return {
      action: 'retire',
      executed: true,
      summary,
      ...started,
      details: null,
      whole: startedNow('retire', session, { execution: started.execution }),
    };
  }
  const scope = scopeSlice(runtime, 'first', 0.25);
  const order: RunOrder = { command: 'retire', retires: true, said, sweep: null, scope, acts: true };
  const report = await runSteward(steward, order, deadline);
  const decisions = retentionOfRun(report);
  const retiring = decisions.filter(({ action }) => action === 'retire');
  return {
    action: 'retire',
    executed: false,
    summary: `Dry run: nothing was changed. ${retiring.length} of ${decisions.length} checkpoints and savepoints would be retired.`,
    why: report.record.why,
    roots: retiring.slice(0, 10),
    details: decisions.length === 0 ? null : await leave(session, 'retire', decisions),
    whole: { run: viewOfRun(steward, report) },
    next: retiring.length === 0 ? null : next(session, { ...asked, execute: true }),
  };
}

export async function undoAction(asked: ActionNamed<'undo'>, session: Session): Promise<Answered<'undo'>> {
  const { steward, runtime } = session;
  const { execute } = asked;
  const undone = await runNamed(steward, asked.run);
  if (execute) {
    await refuseWhileLeaseIsHeld(steward);
    const order: UndoOrder = { run: undone, by: BY };
    await runtime.start(requireEnv(runtime.environment, ENV.undoFunction), order);
    const summary = `Started: everything of run ${undone} that can be put back will be put back. ${SOON}`;
    return {
      action: 'undo',
      executed: true,
      summary,
      details: null,
      whole: startedNow('undo', session),
      next: next(session, { action: 'history' }),
    };
  }
  const report = await undoNamed(steward, undone, { execute: false, command: 'manual undo' });
  const answer = undoAnswer(undone, report);
  const hasWork = answer.roots + answer.objects > 0;
  return {
    action: 'undo',
    ...answer,
    summary: `Dry run: nothing was changed. ${answer.summary}`,
    details: null,
    whole: { undone, plan: report.plan, result: null },
    next: hasWork ? next(session, { ...asked, run: undone, execute: true }) : null,
  };
}

export async function rulesAction(asked: ActionNamed<'rules'>, session: Session): Promise<Answered<'rules'>> {
  if (!asked.execute) {
    return await rulesQuery(asked, session);
  }
  const { runtime, steward } = session;
  if (!writesRules(steward)) {
    throw new AskedError(
      'This deployment only compares the lifecycle rules of its buckets, and no role of it may write them. Nothing was done. Set "lifecycle": { "manage": "write" } in steward.json and deploy again.',
    );
  }
  const order: RulesOrder = { write: true, restore: asked.restore === true, by: BY };
  await runtime.start(requireEnv(runtime.environment, ENV.rulesFunction), order);
  const summary = "Started: the steward's own lifecycle rules will be written. Rules of others are not changed.";
  return {
    action: 'rules',
    executed: true,
    summary,
    details: null,
    whole: startedNow('rules', session),
    next: next(session, { action: 'rules' }),
  };
}

/** `20270301T093000000Z`, as in the names of runs. */
function compactTime({ clock }: Session['runtime']): string {
  return isoTime(clock()).replaceAll(/[-:.]/g, '');
}

/**
 * Starts an execution of the state machine, which may have to wait for another run.
 *
 * @param name of the execution, by which people find it.
 */
async function startCollection(
  name: string,
  order: SweepOrder,
  session: Session,
): Promise<Pick<Answer, 'next'> & { readonly execution: string; readonly follow: string }> {
  const { runtime } = session;
  const machine = requireEnv(runtime.environment, ENV.collection);
  await refuseUnseen(session);
  const execution = await runtime.startExecution(machine, name, order);
  return {
    execution,
    follow: `aws stepfunctions describe-execution --execution-arn ${execution}`,
    next: next(session, { action: 'history' }),
  };
}

/**
 * Asks the ledger whether deleting is paused, or what is around the area forbids to act, so that people need not look for
 * the run that is refused for it. The run checks both again.
 *
 * @throws AskedError where it is so.
 */
async function refuseUnseen({ steward, isWhole }: Session): Promise<void> {
  const state = await existingState(steward);
  if (state.paused !== null) {
    throw new AskedError(
      `${sayPaused(state.paused)} Nothing was done. To allow deleting again: ${isWhole ? 'steward resume --execute' : '{"action":"resume","execute":true}.'}`,
    );
  }
  const { undecidable, refusal } = await checkSurroundings(steward, { pass: LOOK, acts: true, state });
  const why = undecidable[0]?.sentence ?? refusal;
  if (why !== null) throw new AskedError(why);
}
