import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { Finding } from './finding.ts';
import type { LogCounts } from './run-log.ts';

/** What a run's record counts, against its log. */
export interface RecordCheck {
  readonly findings: readonly Finding[];
  /** Why nothing was compared, in sentences. */
  readonly notes: readonly string[];
}

/** A run that was killed leaves no record, and one that failed records nothing of what it had done. */
export function checkRecord(run: string, record: RunRecord | null, logged: LogCounts): RecordCheck {
  if (record === null || record.result === 'failed') {
    const what = record === null ? `has no record that can be read` : 'is recorded as failed';
    return { findings: [], notes: [`Run ${run} ${what}, so nothing that a record counts was compared with its log.`] };
  }
  const { unsettled } = logged;
  const counts: readonly (readonly [string, number, number, number])[] = [
    ['deleted objects', record.deleted.objects, logged.objects, unsettled.objects],
    ['deleted bytes', record.deleted.bytes, logged.bytes, unsettled.bytes],
    ['retired checkpoints and savepoints', record.retired, logged.retired, unsettled.retired],
  ];
  const findings = counts
    .filter(([, recorded, least, more]) => recorded < least || recorded > least + more)
    .map(([what, recorded, least]) => {
      const sentence = `The record of run ${run} counts ${recorded} ${what}, and its log ${least}.`;
      return { rule: 'record', url: null, sentence };
    });
  return { findings, notes: [] };
}
