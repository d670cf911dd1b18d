import type { Breaker } from '#core/collect/breakers.ts';
import { isoTime } from '#core/iso-time.ts';
import { scopeSlice } from '#functions/shared/scope-slice.ts';
import { executionOf, type StoredPlan, sourceOf } from '#steward/plans.ts';
import { runSteward } from '#steward/run.ts';
import { viewOfRun } from '#steward/run-view.ts';
import type { Started, WholeAnswers } from '#steward/stack/whole-answers.ts';
import type { Session } from './session.ts';

/** What the command line is told of the actions that change the area. */

/** By the clock of this function, as the records of runs are. */
export function startedNow(
  command: string,
  { began }: Pick<Session, 'began'>,
  { execution = null, plan = null }: { readonly execution?: string | null; readonly plan?: string | null } = {},
): Started {
  return { started: { command, plan, since: isoTime(began), execution } };
}

/** What executing a plan would do now. It takes a survey, so it is found out only for who prints it. */
export async function dryRunOfPlan(
  plan: StoredPlan,
  accept: readonly Breaker[] = [],
  { steward, runtime, deadline, isWhole }: Session,
): Promise<WholeAnswers['apply'] | null> {
  if (!isWhole) return null;
  const execution = executionOf(steward, plan, sourceOf(plan.head.id));
  const scope = scopeSlice(runtime, 'first', 0.25);
  const order = { command: 'apply', retires: false, accept, scope, acts: true, ...execution } as const;
  const report = await runSteward(steward, order, deadline);
  return { run: viewOfRun(steward, report), planned: plan.objects };
}
