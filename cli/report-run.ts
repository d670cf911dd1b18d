import type { RunReport } from '#steward/documents.ts';
import { type DecidedRoot, isStoppedByPause, type RunView, viewOfRun } from '#steward/run-view.ts';
import { STATUS, type Status } from './errors.ts';
import { interruptionOf } from './interruption.ts';
import type { Io } from './io.ts';
import type { TypedArea } from './next-command.ts';
import type { PreparedArea } from './prepare-area.ts';
import { printRun, type RunTitle } from './print/run.ts';
import { note } from './print/stderr.ts';
import { describeDeleted } from './run-area.ts';

/**
 * Prints what a run found and did.
 *
 * @returns the exit status.
 * @throws Interruption if an interruption ended the run early.
 */
export function reportRun(title: RunTitle, report: RunReport, prepared: PreparedArea, io: Io): Status {
  return reportRunView(title, viewOfRun(prepared.steward, report), prepared.typed, io);
}

/** As {@link reportRun}, of a run that is told from afar too. */
export function reportRunView(title: RunTitle, run: RunView, typed: TypedArea, io: Io): Status {
  const { record, plan, applied } = run;
  // Not an error: the schedule may start before the first job.
  if (run.empty !== null) {
    note(run.empty, io);
  }
  io.out(typed.options.json ? `${JSON.stringify(documentOf(run), null, 2)}\n` : printRun(title, run, typed, io));
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
  // A dry run under a pause has done all that it was to do.
  const isStopped = record.result === 'stopped' && (title.executes || !isStoppedByPause(run));
  const isFinding = isStopped || plan.findings.length > 0;
  return isFinding || (applied?.refused ?? 0) > 0 ? STATUS.findings : STATUS.well;
}

function documentOf({ record, plan, notes, decisions, applied }: RunView): object {
  return { ...record, ...plan, notes: [...plan.notes, ...notes], retention: decisions.map(retentionOf), applied };
}

function retentionOf({ path, completed, group, action, reasons }: DecidedRoot): object {
  return { path, completed, group: group.label, action, reasons };
}
