import type { AuditReport } from '#steward/audit.ts';
import type { PlanReport } from '#steward/documents.ts';
import type { RunRecord } from '#steward/history.ts';
import { bytes, count, printable } from './text.ts';

/** What a report comes to, in one line, for `--quiet`: what a mail of cron has to say. It is never wrapped. */

interface Judged {
  readonly undecidable: readonly { readonly sentence: string }[];
  readonly findings: readonly unknown[];
}

/** @param words what was done, such as `audit s3://my-bucket`. @param sentences those that are empty are left out. */
export function oneLine(words: string, sentences: readonly string[]): string {
  const all = sentences.filter((sentence) => sentence !== '').join(' ');
  return `${printable(`${words}: ${all}`.replaceAll(/\s+/g, ' '))}\n`;
}

export function auditLine(report: AuditReport): string {
  const { area, total, groups } = report;
  return oneLine(`audit ${area.join(', ')}`, [
    `${amount(total)}, ${amount(groups.reclaimable)} reclaimable.`,
    ...doubtsOf(report),
  ]);
}

export function planLine(report: PlanReport): string {
  const { area, totals, breakers } = report;
  return oneLine(`plan ${area.join(', ')}`, [
    `${amount(totals.delete)} would be deleted, ${amount(totals.quarantined)} in quarantine.`,
    ...breakers.map(({ sentence }) => `${sentence}.`),
    ...doubtsOf(report),
  ]);
}

/** Of a run that was followed from afar. */
export function runLine({ command, area, result, why, deleted, retired, restored }: RunRecord): string {
  return oneLine(`${command} ${area.join(', ')}`, [
    why === null ? `${result}.` : `${result}: ${why.replace(/\.?$/, '.')}`,
    deleted.objects === 0 ? '' : `Deleted: ${amount(deleted)}.`,
    retired === 0 ? '' : `Retired: ${retired}.`,
    restored === 0 ? '' : `Put back: ${restored}.`,
  ]);
}

/** Why nothing is decided, and how many findings there are: the report itself tells which. */
export function doubtsOf({ undecidable: [doubt], findings }: Judged): readonly string[] {
  return [
    doubt === undefined ? '' : `Undecidable: ${doubt.sentence.replace(/\.?$/, '.')}`,
    findings.length === 0 ? '' : `${count(findings.length, 'finding')}.`,
  ];
}

function amount({ objects, bytes: size }: { readonly objects: number; readonly bytes: number }): string {
  return `${count(objects, 'object')} (${bytes(size)})`;
}
