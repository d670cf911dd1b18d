/** Types of the documents that commands print and functions return. */

export type { RunRecord } from '#operations/ledger/run-records.ts';

export type { Survey } from '#operations/look/survey.ts';
export type { SurveyProgress } from '#operations/look/survey-progress.ts';
export type { PlanPart, PlanReport } from '#operations/plan/plan.ts';
export type { CostReport } from '#operations/report/cost.ts';
export type { Inspection, PartialInspection, ReferenceView } from '#operations/report/inspect.ts';
export type { RunReport } from '#operations/run/run.ts';
export type { OperatorStateView, RootStateView } from '#operations/states/root-state-view.ts';
