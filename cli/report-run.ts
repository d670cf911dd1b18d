import type { PlanReport, RunReport } from '#steward/documents.ts';
import { planOfRun, retentionOfRun } from '#steward/run-document.ts';
import type { Steward } from '#steward/steward.ts';
import { emptiness } from './emptiness.ts';
import { STATUS, type Status } from './errors.ts';
import { interruptionOf } from './interruption.ts';
import type { Io } from './io.ts';
import type { PreparedArea } from './prepare-area.ts';
import { complain } from './print/complaint.ts';
import { printRun, type RunTitle } from './print/run.ts';
import { sayDeleted } from './run-area.ts';

/**
 * Prints what a run found and did.
 *
 * @returns the exit status.
 * @throws Interruption where that was why it ended early.
 */
export async function reportRun(title: RunTitle, report: RunReport, prepared: PreparedArea, io: Io): Promise<Status> {
  const { survey, record, applied } = report;
  // A schedule may well begin before the first job does.
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
  const interruption = interruptionOf(io.signal, `up to there ${sayDeleted(record.deleted)}; the next run goes on`);
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
