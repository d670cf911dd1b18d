import { text } from 'node:stream/consumers';
import { ENV } from '#functions/shared/environment.ts';
import { fewOf } from '#functions/shared/few-of.ts';
import type { StatesOrder } from '#functions/shared/function-requests.ts';
import { type StatesAnswer, statesAnswerSchema } from '#functions/shared/states-answer.ts';
import { RefusedError } from '#steward/refusals.ts';
import type { StatesReport } from '#steward/states.ts';
import type { VerifyReport } from '#steward/verify.ts';
import type { ActionNamed, Answered } from './actions.ts';
import { AskedError, next, type Session } from './session.ts';

/** The actions that need the right to read state files, which this function has not: it asks the one that has. */

const MOST_JOBS = 20;
const MOST_STATES = 5;
const READ_ONLY = { executed: false } as const;

export async function statesAction({ job }: ActionNamed<'states'>, session: Session): Promise<Answered<'states'>> {
  const { answer, report } = await asked<StatesReport>(
    { ask: 'states', ...(job === undefined ? {} : { job }) },
    session,
  );
  const [largest] = report.jobs.toSorted((one, other) => other.operators.bytes - one.operators.bytes);
  return {
    ...READ_ONLY,
    action: 'states',
    summary: `${report.jobs.length} jobs${largest === undefined ? '' : `, the largest ${largest.label} with ${largest.operators.bytes} bytes of state`}. ${answer.looked.requests} requests were sent for state files.`,
    jobs: report.jobs.slice(0, MOST_JOBS).map(({ label, job: id, operators, states, findings }) => ({
      label,
      job: id,
      bytes: operators.bytes,
      states: states
        .toSorted((one, other) => other.bytes - one.bytes)
        .slice(0, MOST_STATES)
        .map(({ operator, kind, state, bytes, hasTtl, growthBytesPerDay }) => ({
          operator: operators.operators.find(({ id: its }) => its === operator)?.name ?? operator,
          kind,
          state,
          bytes,
          hasTtl,
          growthBytesPerDay,
        })),
      findings: fewOf(findings.map(({ sentence }) => sentence)),
    })),
    moreJobs: Math.max(0, report.jobs.length - MOST_JOBS),
    notes: answer.notes,
    details: `${session.steward.ledger.name}/${answer.details}`,
    whole: { report, empty: answer.empty },
    next: null,
  };
}

export async function verifyAction({ job }: ActionNamed<'verify'>, session: Session): Promise<Answered<'verify'>> {
  const { answer, report } = await asked<VerifyReport>(
    { ask: 'verify', ...(job === undefined ? {} : { job }) },
    session,
  );
  const broken = report.jobs.reduce((sum, one) => sum + one.broken.length, 0);
  return {
    ...READ_ONLY,
    action: 'verify',
    summary: `${broken} broken state files in the restore points of ${report.jobs.length} jobs. ${answer.looked.requests} requests were sent for state files.`,
    jobs: report.jobs.slice(0, MOST_JOBS).map(({ label, job: id, restorePoints, stateFiles, looked, ...found }) => ({
      label,
      job: id,
      restorePoints: restorePoints.length,
      stateFiles,
      looked,
      broken: fewOf(found.broken.map(({ sentence }) => sentence)),
      damaged: fewOf(found.damaged.map(({ sentence }) => sentence)),
      unread: fewOf(found.unread),
    })),
    moreJobs: Math.max(0, report.jobs.length - MOST_JOBS),
    notes: answer.notes,
    details: `${session.steward.ledger.name}/${answer.details}`,
    whole: { report, empty: answer.empty },
    next: broken === 0 ? null : next(session, { action: 'restore-points', ...(job === undefined ? {} : { job }) }),
  };
}

/** Asks, and reads from the ledger what is too long for an answer. @throws AskedError, RefusedError, StackError, StoreError */
async function asked<Report>(
  order: StatesOrder,
  { runtime, steward, deadline }: Session,
): Promise<{ readonly answer: StatesAnswer; readonly report: Report }> {
  const name = runtime.environment[ENV.statesFunction];
  if (name === undefined || name === '') {
    throw new AskedError(
      'No function of this deployment may read state files, so nothing was read. Add "states": {} to steward.json and deploy again; or run the command on the bucket itself.',
    );
  }
  const answer = statesAnswerSchema.parse(await runtime.ask(name, { ...order, by: 'manual' }, deadline.soft));
  if (answer.refusal !== null) throw new RefusedError(answer.refusal);
  const chunks = answer.details === null ? null : await steward.ledger.readFile(answer.details);
  if (chunks === null) {
    throw new AskedError(`${answer.details} is not in the ledger, so what was found can't be told. Ask again.`);
  }
  return { answer, report: JSON.parse(await text(chunks)) as Report };
}
