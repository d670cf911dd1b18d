import type { RunReport } from '#steward/documents.ts';
import { INTERRUPTED } from '#steward/run.ts';
import { planOfRun } from '#steward/run-document.ts';
import type { Steward } from '#steward/steward.ts';
import { fewOf } from './few-of.ts';
import type { RunAnswer } from './run-answer-schema.ts';
import { FUNCTION_METRICS, type Runtime } from './runtime.ts';

/** Makes the answer about a run, and writes the run to the log and the metrics. */
export function runAnswer(report: RunReport, steward: Steward, runtime: Runtime): RunAnswer {
  const found = planOfRun(steward, report);
  const findings = found.findings.map(({ sentence }) => sentence);
  return recordAnswer(report.record, { findings, notes: [...steward.notes.all, ...found.notes] }, runtime);
}

/** The same, of what is on record of a run. */
export function recordAnswer(
  record: RunReport['record'],
  { findings, notes }: { readonly findings: readonly string[]; readonly notes: readonly string[] },
  runtime: Runtime,
): RunAnswer {
  const answer: RunAnswer = {
    run: record.run,
    result: record.result,
    why: record.why,
    total: record.total,
    live: record.live,
    quarantined: record.quarantined,
    deletable: record.deletable,
    deleted: record.deleted,
    kept: record.kept,
    refused: record.refused,
    roots: record.roots,
    retired: record.retired,
    breakers: record.breakers,
    findings: fewOf(findings),
    notes: fewOf(notes),
  };
  if (record.result === 'undecidable') runtime.count(FUNCTION_METRICS.undecidable);
  // Where the store refused all, the alarm on refusals tells more; and a run whose time was over is continued.
  const isOver = record.why === INTERRUPTED;
  if (record.result === 'stopped' && record.refused === 0 && !isOver) runtime.count(FUNCTION_METRICS.stopped);
  if (record.refused > 0) runtime.count(FUNCTION_METRICS.refused, record.refused);
  runtime.count(FUNCTION_METRICS.deletedObjects, record.deleted.objects);
  runtime.count(FUNCTION_METRICS.deletedBytes, record.deleted.bytes);
  runtime.count(FUNCTION_METRICS.retired, record.retired);
  const hindered = record.result === 'undecidable' || record.result === 'stopped' || record.refused > 0;
  runtime.log(hindered ? 'warn' : 'info', record.why ?? `Run ${record.run}: ${record.result}.`, answer);
  return answer;
}
