import type { PlanReport, RunReport } from '#steward/documents.ts';
import { planOfRun, retentionOfRun } from '#steward/run-document.ts';
import type { Steward } from '#steward/steward.ts';
import { emptiness } from './empty-area.ts';
import { STATUS, type Status } from './errors.ts';
import { interruptionOf } from './interruption.ts';
import type { Io } from './io.ts';
import type { PreparedArea } from './prepare-area.ts';
import { printRun, type RunTitle } from './print/run.ts';
import { complain } from './print/stderr.ts';
import { describeDeleted } from './run-area.ts';

/**
 * Prints what a run found and did.
 *
 * @returns the exit status.
 * @throws Interruption if an interruption ended the run early.
 */
export async function reportRun(title: RunTitle, report: RunReport, prepared: PreparedArea, io: Io): Promise<Status> {
  const { survey, record, applied } = report;
  // Not an error: the schedule may start before the first job.
  const nothing = emptiness(survey);
  if (nothing !== null) {
    complain(`Note: ${nothing}`, io);
  }
  const document = planOfRun(prepared.steward, report);
  io.out(
    prepared.typed.options.json
      ? `${JSON.stringify(viewOf(report, document, prepared.steward), null, 2)}\n`
      : printRun(title, { report, plan: document, typed: prepared.typed }, io),
  );
  if (record.result === 'undecidable') {
    return STATUS.undecidable;
  }
  const interruption = interruptionOf(
    io.signal,
    `until then ${describeDeleted(record.deleted)}; the next run continues`,
  );
  if (record.result === 'stopped' && record.executed && interruption !== undefined) {
    throw interruption;
  }
  const isFinding = record.result === 'stopped' || document.findings.length > 0;
  return isFinding || (applied?.refused ?? 0) > 0 ? STATUS.findings : STATUS.well;
}

function viewOf(report: RunReport, document: PlanReport, { notes }: Steward): object {
  const { record, applied } = report;
  return {
    ...record,
    ...document,
    notes: [...document.notes, ...notes.all],
    retention: retentionOfRun(report),
    applied,
  };
}
