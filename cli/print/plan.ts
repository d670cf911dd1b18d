import { REASONS } from '#core/collect/verdicts.ts';
import type { PlanReport } from '#operations/plan.ts';
import type { Io } from '../io.ts';
import { printHeading } from './heading.ts';
import { printFindings, printNotes, printUndecidable } from './problems.ts';
import { bytes, paragraph, printable, table } from './text.ts';

export function printPlan(report: PlanReport, files: readonly string[], io: Io): string {
  const { green } = io.colors;
  const rows = report.reasons.map(({ rule, verdict, objects, bytes: size }) => [
    verdict === 'delete' || verdict === 'quarantined' ? green(verdict) : verdict,
    objects.toLocaleString('en-US'),
    bytes(size),
    REASONS[rule],
  ]);
  return [
    printHeading('Plan for', report.area, report.start, io),
    '\n',
    table(
      [
        { head: 'verdict' },
        { head: 'objects', right: true },
        { head: 'size', right: true },
        { head: 'why', wrap: true },
      ],
      rows,
      io,
    ),
    printUndecidable(report.undecidable, io),
    printFindings(
      [...report.breakers.map(({ sentence }) => `${sentence}.`), ...report.findings.map(({ sentence }) => sentence)],
      io,
    ),
    printNotes(report.notes, io),
    ...files.map((file) => `\nWritten: ${printable(file)}`),
    files.length === 0 ? '' : '\n',
    `\n${paragraph('Nothing was deleted: this version plans and does not execute.', io)}`,
  ].join('');
}
