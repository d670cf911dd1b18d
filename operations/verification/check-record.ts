import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { Finding } from './finding.ts';
import type { RunLog } from './run-log.ts';

/** What a run's record counts, against its log. */
export interface RecordCheck {
  readonly findings: readonly Finding[];
  /** Why nothing was compared, in sentences. */
  readonly notes: readonly string[];
}

/** A run that was killed leaves no record, and one that failed records nothing of what it had done. */
export function checkRecord(run: string, record: RunRecord | null, { deleted, retired }: RunLog): RecordCheck {
  if (record === null || record.result === 'failed') {
    const what = record === null ? `has no record that can be read` : 'is recorded as failed';
    return { findings: [], notes: [`Run ${run} ${what}, so nothing that a record counts was compared with its log.`] };
  }
  const counts: readonly (readonly [string, number, number])[] = [
    ['deleted objects', record.deleted.objects, deleted.objects],
    ['deleted bytes', record.deleted.bytes, deleted.bytes],
    ['retired checkpoints and savepoints', record.retired, retired],
  ];
  const findings = counts
    .filter(([, recorded, logged]) => recorded !== logged)
    .map(([what, recorded, logged]) => {
      const sentence = `The record of run ${run} counts ${recorded} ${what}, and its log ${logged}.`;
      return { rule: 'record', url: null, sentence };
    });
  return { findings, notes: [] };
}
