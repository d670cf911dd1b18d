import { jobsOf } from '#core/jobs/jobs.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import type { RulesOrder, SweepOrder, UndoOrder } from '#functions/shared/function-requests.ts';
import { runAnswer } from '#functions/shared/run-answer.ts';
import { undoAnswer } from '#functions/shared/undo-answer.ts';
import type { RunReport } from '#steward/documents.ts';
import { leavePlan, placeOfPlan, unspentPlan } from '#steward/plans.ts';
import { RefusedError } from '#steward/refusals.ts';
import { isMeant } from '#steward/restore-points.ts';
import { runSteward } from '#steward/run.ts';
import { retentionOfRun } from '#steward/run-document.ts';
import type { Steward } from '#steward/steward.ts';
import { undo } from '#steward/undo.ts';
import type { ActionNamed, Answer } from './actions.ts';
import { rulesQuery } from './queries.ts';
import { leave, next, type Session } from './session.ts';

/** The actions that change the area, if they are executed: by other functions, which have the right to. */

const BY = 'manual';
const SOON = 'What becomes of it shows: {"action":"history"}.';

/** Counts as a run, so garbage is remembered and comes nearer to its end. */
export async function planAction({ job }: ActionNamed<'plan'>, session: Session): Promise<Answer> {
  const { steward, runtime, deadline } = session;
  const report = await runSteward(
    steward,
    { command: 'plan', retires: false, sweep: async () => () => true },
    deadline,
  );
  const answer = runAnswer(report, steward, runtime);
  const chosen = job === undefined ? () => true : objectsOfJob(job, report, steward);
  const mayGo = answer.result !== 'undecidable';
  const locations = steward.places.map((bucket) => ({ bucket }));
  const plan = mayGo ? await leavePlan(steward, report, locations, chosen) : null;
  const hasWork = plan !== null && plan.objects > 0;
  return {
    action: 'plan',
    executed: false,
    summary: mayGo
      ? `${plan?.objects ?? 0} objects may go${job === undefined ? '' : ` of ${job}`}; ${answer.quarantined.objects} of the area are in quarantine.`
      : `The area is undecidable, so nothing may go: ${answer.why}.`,
    plan: hasWork ? plan.id : null,
    objects: plan?.objects ?? 0,
    ...answer,
    details: hasWork ? placeOfPlan(steward, plan.id) : null,
    next: hasWork ? next(session, { action: 'apply', plan: plan.id, execute: true }) : null,
  };
}

export async function applyAction(asked: ActionNamed<'apply'>, session: Session): Promise<Answer> {
  const { steward, runtime } = session;
  const { plan: id, accept, execute } = asked;
  const plan = await unspentPlan(steward, id);
  if (execute) {
    const order: SweepOrder = { order: 'apply', plan: id, by: BY, ...(accept === undefined ? {} : { accept }) };
    await runtime.start(requireEnv(runtime.environment, ENV.sweepFunction), order);
  }
  return {
    action: 'apply',
    executed: execute === true,
    summary: execute
      ? `Started: of ${plan.objects} objects those are deleted that are garbage still. ${SOON}`
      : `It would delete ${plan.objects} objects, those that are garbage still. Nothing is changed yet.`,
    plan: id,
    objects: plan.objects,
    expires: plan.head.expires,
    details: placeOfPlan(steward, id),
    next: execute ? next(session, { action: 'history' }) : next(session, { ...asked, execute: true }),
  };
}

export async function retireAction(asked: ActionNamed<'retire'>, session: Session): Promise<Answer> {
  const { steward, runtime, deadline } = session;
  const { accept, execute } = asked;
  if (execute) {
    const order: SweepOrder = { order: 'retire', by: BY, ...(accept === undefined ? {} : { accept }) };
    await runtime.start(requireEnv(runtime.environment, ENV.sweepFunction), order);
    const summary = `Started: what the policy would retire is retired. ${SOON}`;
    return { action: 'retire', executed: true, summary, details: null, next: next(session, { action: 'history' }) };
  }
  const report = await runSteward(steward, { command: 'retire', retires: true, sweep: null }, deadline);
  const decisions = retentionOfRun(report);
  const retiring = decisions.filter(({ action }) => action === 'retire');
  return {
    action: 'retire',
    executed: false,
    summary: `${retiring.length} of ${decisions.length} checkpoints and savepoints would be retired. Nothing is changed yet.`,
    why: report.record.why,
    roots: retiring.slice(0, 10),
    details: decisions.length === 0 ? null : await leave(session, 'retire', decisions),
    next: retiring.length === 0 ? null : next(session, { ...asked, execute: true }),
  };
}

export async function undoAction(asked: ActionNamed<'undo'>, session: Session): Promise<Answer> {
  const { steward, runtime } = session;
  const { run: undone, execute } = asked;
  if (execute) {
    const order: UndoOrder = { run: undone, by: BY };
    await runtime.start(requireEnv(runtime.environment, ENV.undoFunction), order);
    const summary = `Started: what can come back of run ${undone} comes back. ${SOON}`;
    return { action: 'undo', executed: true, summary, details: null, next: next(session, { action: 'history' }) };
  }
  const report = await undo(steward, undone, { execute: false, command: 'manual undo' });
  const answer = undoAnswer(undone, report);
  const comesBack = answer.roots + answer.objects > 0;
  return {
    action: 'undo',
    ...answer,
    summary: `${answer.summary} Nothing is changed yet.`,
    details: null,
    next: comesBack ? next(session, { ...asked, execute: true }) : null,
  };
}

export async function rulesAction(asked: ActionNamed<'rules'>, session: Session): Promise<Answer> {
  if (!asked.execute) {
    return await rulesQuery(asked, session);
  }
  const { runtime } = session;
  const order: RulesOrder = { write: true, restore: asked.restore === true, by: BY };
  await runtime.start(requireEnv(runtime.environment, ENV.rulesFunction), order);
  const summary = "Started: the steward's own rules are written, and those of others stay as they are.";
  return { action: 'rules', executed: true, summary, details: null, next: next(session, { action: 'rules' }) };
}

/** @throws RefusedError where there is no such job. */
function objectsOfJob(job: string, { survey, totals }: RunReport, { config }: Steward): (object: number) => boolean {
  const meant = jobsOf(survey, totals, config.labels).filter((one) => isMeant(one, job));
  if (meant.length === 0) throw new RefusedError({ code: 'no-such-job', job });
  const owners = new Set(meant.flatMap((one) => one.owners));
  return (object) => owners.has(survey.owners.ofDirectory(survey.objects.directoryId(object)));
}
