import type { Job } from '#core/jobs/jobs.ts';
import type { Outlook } from '#core/signals/outlook.ts';
import type { AuditReport } from '#operations/report/audit.ts';
import type { GoneObject } from '#operations/report/deleted-object.ts';
import type { RestorePointsReport } from '#operations/report/restore-points.ts';
import type { UndoPlan } from '#operations/run/plan-undo.ts';
import type { UndoResult } from '#operations/run/undo.ts';
import type { MarkerAbove, Pinned } from '#steward/declarations.ts';
import type { PlanReport } from '#steward/documents.ts';
import type { ExplainedInArea } from '#steward/explain.ts';
import type { RecordedRun, RecordedRuns } from '#steward/history.ts';
import type { RulesReport } from '#steward/lifecycle-rules.ts';
import type { PinnedList } from '#steward/pin-several.ts';
import type { RunView } from '#steward/run-view.ts';
import type { StatesReport } from '#steward/states.ts';
import type { StatusReport } from '#steward/status.ts';
import type { VerifyReport } from '#steward/verify.ts';
import type { VerifiedRun } from '#steward/verify-run.ts';

/**
 * What the function `manual` finds for each action, whole: all that the command line prints and puts into its documents.
 * It is plain data, because it travels as JSON.
 */
export interface WholeAnswers {
  readonly audit: OfArea & { readonly report: AuditReport };
  readonly plan: OfArea & {
    readonly report: PlanReport;
    /** Id of the plan in the ledger; null where nothing would be deleted. */
    readonly plan: string | null;
  };
  readonly apply: { readonly run: RunView; readonly planned: number } | Started;
  readonly explain: ExplainedInArea;
  readonly undo: { readonly undone: string; readonly plan: UndoPlan; readonly result: UndoResult | null } | Started;
  readonly pin: Pinned | PinnedList;
  readonly unpin: { readonly url: string };
  readonly retire: { readonly run: RunView } | Started;
  readonly 'declare-dead': { readonly job: string } | { readonly url: string; readonly etag: string };
  readonly pause: Record<never, never>;
  readonly resume: { readonly above: readonly MarkerAbove[] };
  readonly history: WholeHistory | RecordedRun | { readonly gone: GoneObject | null; readonly ledger: string };
  readonly 'verify-run': { readonly runs: readonly VerifiedRun[] };
  readonly status: StatusReport;
  readonly 'restore-points': OfArea & { readonly report: RestorePointsReport };
  readonly states: OfArea & { readonly report: StatesReport };
  readonly verify: OfArea & { readonly report: VerifyReport };
  readonly rules:
    | (OfArea & { readonly report: RulesReport; readonly jobs: readonly Pick<Job, 'label' | 'job'>[] })
    | Started;
}
export type AskedAction = keyof WholeAnswers;

/** What is known of all runs, the jobs and the declarations. */
export interface WholeHistory extends RecordedRuns {
  readonly ledger: string;
  readonly jobs: readonly { readonly name: string; readonly outlook: Outlook }[];
}

interface OfArea {
  /** Why there is nothing to tell of the area; null where there is something. */
  readonly empty: string | null;
}

/** Another function, or a state machine, was started, which goes on by itself. */
export interface Started {
  readonly started: {
    /** As the records of its runs call it. */
    readonly command: string;
    /** Id of the plan that is executed; null where there is none. */
    readonly plan: string | null;
    /** ISO 8601: no run of it began earlier. */
    readonly since: string;
    /** ARN of the execution of the state machine; null where a function was started. */
    readonly execution: string | null;
  };
}
