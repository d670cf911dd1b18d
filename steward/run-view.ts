import { type Breaker, everHadRoots } from '#core/collect/breakers.ts';
import type { RetentionDecision } from '#core/retention/decide.ts';
import { type LedgerState, sayPaused } from '#operations/ledger/state.ts';
import type { PlanReport } from '#operations/plan/plan.ts';
import type { RunReport } from '#operations/run/run.ts';
import { emptiness } from './empty-area.ts';
import { planOfRun, type RetentionView, retentionOfRun } from './run-document.ts';
import type { Steward } from './steward.ts';

/** A run as it is told to people: plain data, so that it can also be told from afar. */

/** A root, the decision of the policy, and how both are shown. */
export interface DecidedRoot extends Omit<RetentionView, 'group'> {
  readonly group: { readonly id: string; readonly label: string; readonly job: string | null };
  /** Name of its directory, such as `chk-7`. */
  readonly name: string;
  /** The job of a checkpoint where its group has several jobs; null otherwise. */
  readonly ofJob: string | null;
  readonly kind: NonNullable<RetentionDecision['root']['summary']>['kind'];
}

export interface RunView extends Pick<RunReport, 'record' | 'applied'> {
  readonly plan: PlanReport;
  /** What else to know, beside what the plan says. */
  readonly notes: readonly string[];
  readonly decisions: readonly DecidedRoot[];
  readonly retired: { readonly retired: number; readonly kept: number; readonly why: string | null };
  /** The breakers that tripped. */
  readonly tripped: readonly Breaker[];
  readonly paused: LedgerState['paused'];
  /** Whether an earlier run saw a checkpoint or savepoint. */
  readonly hadRoots: boolean;
  /** Epoch milliseconds: the start of the survey. */
  readonly start: number;
  /** Milliseconds. */
  readonly quarantine: number;
  /** Why there is nothing to tell; null where there is something. */
  readonly empty: string | null;
}

/** Everything that is told of a run, taken from what it left. */
export function viewOfRun(steward: Steward, report: RunReport): RunView {
  const { record, survey, applied, retired, breakers, state, breakerMemory, decisions } = report;
  const views = retentionOfRun(report);
  return {
    record,
    applied,
    plan: planOfRun(steward, report),
    notes: steward.notes.all,
    decisions: decisions.map((decision, at) => decidedRoot(decision, views[at])),
    retired: { retired: retired.retired.length, kept: retired.kept.length, why: retired.kept[0]?.why ?? null },
    tripped: breakers.map(({ breaker }) => breaker),
    paused: state.paused,
    hadRoots: everHadRoots(breakerMemory.lastRun),
    start: survey.start,
    quarantine: survey.settings.quarantine,
    empty: emptiness(survey),
  };
}

/** Whether nothing else but the pause kept a run from acting. */
export function isStoppedByPause<Run extends Pick<RunView, 'record' | 'paused'>>(
  run: Run,
): run is Run & { readonly paused: NonNullable<RunView['paused']> } {
  const { record, paused } = run;
  return record.result === 'stopped' && paused !== null && record.why?.startsWith(sayPaused(paused)) === true;
}

/** @param view the same decision as documents have it. */
export function decidedRoot(
  { root, group, action, reasons }: RetentionDecision,
  view: Pick<RetentionView, 'path' | 'completed'> = { path: '', completed: new Date(root.completed).toISOString() },
): DecidedRoot {
  const { job, role } = root.class;
  return {
    path: view.path,
    completed: view.completed,
    action,
    reasons,
    group: { id: group.id, label: group.label, job: group.job },
    name: root.directory.split('/').at(-2) ?? '',
    ofJob: group.directory === null && role === 'checkpoint' ? job : null,
    kind: root.summary?.kind ?? 'unknown',
  };
}
