import { Area } from '#core/area/area.ts';
import { areaIdentity } from '#core/collect/breakers.ts';
import { isoTime } from '#core/iso-time.ts';
import { jobsOf } from '#core/jobs/jobs.ts';
import { ENV, requireEnv } from '#functions/shared/environment.ts';
import type { RulesOrder, SweepOrder, UndoOrder } from '#functions/shared/function-requests.ts';
import { planFor } from '#functions/shared/plan-for.ts';
import { fewOf, runAnswer } from '#functions/shared/run-answer.ts';
import { runSteward } from '#functions/shared/run-steward.ts';
import { inCharge } from '#functions/shared/under-lease.ts';
import { undoAnswer } from '#functions/shared/undo-answer.ts';
import { openLedger } from '#operations/ledger/ledger.ts';
import { snapshotPath } from '#operations/look/root-view.ts';
import { admitPlan } from '#operations/plan/plan-file.ts';
import { openStoredPlan } from '#operations/plan/stored-plan.ts';
import { isMeant } from '#operations/report/restore-points.ts';
import { undoRun } from '#operations/run/undo-run.ts';
import type { ActionNamed, Answer } from './actions.ts';
import { rulesLook } from './queries.ts';
import { AskedError, type Desk, leave, next } from './session.ts';

/** The actions that change the area, if they are executed: by other functions, which have the right to. */

const BY = 'manual';
const SOON = 'What becomes of it shows: {"action":"history"}.';

/** Counts as a run, so garbage is remembered and comes nearer to its end. */
export async function planAction({ job }: ActionNamed<'plan'>, desk: Desk): Promise<Answer> {
  const { steward, host, deadline } = desk;
  const report = await runSteward(
    steward,
    { command: 'plan', retires: false, sweep: async () => () => true },
    host,
    deadline,
  );
  const answer = runAnswer(report, steward, host);
  const chosen = job === undefined ? () => true : objectsOfJob(job, report, desk);
  const mayGo = answer.result !== 'undecidable';
  const plan = mayGo ? await planFor(steward, report, chosen) : null;
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
    details: hasWork ? `${steward.ledger.name}/plans/${plan.id}/plan.json` : null,
    next: hasWork ? next(desk, { action: 'apply', plan: plan.id, execute: true }) : null,
  };
}

export async function applyAction(asked: ActionNamed<'apply'>, desk: Desk): Promise<Answer> {
  const { steward, host } = desk;
  const { plan: id, accept, execute } = asked;
  const plan = await openStoredPlan(steward.ledger, id);
  const area = areaIdentity(new Area(steward.locations.map((location) => location.area)));
  admitPlan(plan.head, `Plan ${id}`, { area, ledger: (await openLedger(steward.ledger))?.id ?? '', now: host.clock() });
  if ((await steward.ledger.readDocument(`plans/${id}`)) !== null) {
    throw new AskedError(`Plan ${id} has been executed before. Make it again: {"action":"plan"}.`);
  }
  if (execute) {
    const order: SweepOrder = { order: 'apply', plan: id, by: BY, ...(accept === undefined ? {} : { accept }) };
    await host.start(requireEnv(host.environment, ENV.sweepFunction), order);
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
    details: `${steward.ledger.name}/plans/${id}/plan.json`,
    next: execute ? next(desk, { action: 'history' }) : next(desk, { ...asked, execute: true }),
  };
}

export async function retireAction(asked: ActionNamed<'retire'>, desk: Desk): Promise<Answer> {
  const { steward, host, deadline } = desk;
  const { accept, execute } = asked;
  if (execute) {
    const order: SweepOrder = { order: 'retire', by: BY, ...(accept === undefined ? {} : { accept }) };
    await host.start(requireEnv(host.environment, ENV.sweepFunction), order);
    const summary = `Started: what the policy would retire is retired. ${SOON}`;
    return { action: 'retire', executed: true, summary, details: null, next: next(desk, { action: 'history' }) };
  }
  const report = await runSteward(steward, { command: 'retire', retires: true, sweep: null }, host, deadline);
  const decisions = report.decisions.map(({ root, group, action, reasons }) => ({
    path: snapshotPath(report.survey.area, root),
    completed: isoTime(root.completed),
    group: group.label,
    action,
    reasons,
  }));
  const retiring = decisions.filter(({ action }) => action === 'retire');
  return {
    action: 'retire',
    executed: false,
    summary: `${retiring.length} of ${decisions.length} checkpoints and savepoints would be retired. Nothing is changed yet.`,
    why: report.record.why,
    roots: retiring.slice(0, 10),
    notes: fewOf(report.notes),
    details: decisions.length === 0 ? null : await leave(desk, 'retire', decisions),
    next: retiring.length === 0 ? null : next(desk, { ...asked, execute: true }),
  };
}

export async function undoAction(asked: ActionNamed<'undo'>, desk: Desk): Promise<Answer> {
  const { steward, host, deadline } = desk;
  const { run: undone, execute } = asked;
  if (execute) {
    const order: UndoOrder = { run: undone, by: BY };
    await host.start(requireEnv(host.environment, ENV.undoFunction), order);
    const summary = `Started: what can come back of run ${undone} comes back. ${SOON}`;
    return { action: 'undo', executed: true, summary, details: null, next: next(desk, { action: 'history' }) };
  }
  const input = { ...steward.input, signal: deadline.soft };
  const report = await inCharge(steward, { command: 'manual undo', execute: false }, host, (charge) =>
    undoRun({ ...charge, survey: input, ledger: charge.ledger.store, undone, execute: false, now: host.clock }),
  );
  const answer = undoAnswer(undone, report);
  const comesBack = answer.roots + answer.objects > 0;
  return {
    action: 'undo',
    ...answer,
    summary: `${answer.summary} Nothing is changed yet.`,
    details: null,
    next: comesBack ? next(desk, { ...asked, execute: true }) : null,
  };
}

export async function rulesAction(asked: ActionNamed<'rules'>, desk: Desk): Promise<Answer> {
  if (!asked.execute) {
    return await rulesLook(asked, desk);
  }
  const { host } = desk;
  const order: RulesOrder = { write: true, restore: asked.restore === true, by: BY };
  await host.start(requireEnv(host.environment, ENV.rulesFunction), order);
  const summary = "Started: the steward's own rules are written, and those of others stay as they are.";
  return { action: 'rules', executed: true, summary, details: null, next: next(desk, { action: 'rules' }) };
}

/** @throws AskedError where there is no such job. */
function objectsOfJob(
  job: string,
  { survey, totals }: Awaited<ReturnType<typeof runSteward>>,
  { steward }: Desk,
): (object: number) => boolean {
  const meant = jobsOf(survey, survey.area, totals, steward.config.labels).filter((one) => isMeant(one, job));
  if (meant.length === 0) {
    throw new AskedError(`No job of the area is called ${job}. See all of them: {"action":"audit"}.`);
  }
  const owners = new Set(meant.flatMap((one) => one.owners));
  return (object) => owners.has(survey.owners.ofDirectory(survey.objects.directoryId(object)));
}
