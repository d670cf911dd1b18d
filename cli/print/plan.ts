import { REASONS } from '#core/collect/verdicts.ts';
import type { PlanReport } from '#operations/plan.ts';
import type { Io } from '../io.ts';
import { printNext } from '../next-command.ts';
import { printHeading } from './heading.ts';
import { printFindings, printNotes, printUndecidable } from './problems.ts';
import { bytes, paragraph, printable, table } from './text.ts';

/** @param next the command that executes the plan, where it was written and may be executed. */
export function printPlan(report: PlanReport, files: readonly string[], next: string | null, io: Io): string {
  return [
    printPlanBody('Plan for', report, io),
    ...files.map((file) => `\nWritten: ${printable(file)}`),
    files.length === 0 ? '' : '\n',
    `\n${paragraph('Nothing was deleted: a plan only says what would be.', io)}`,
    next === null ? '' : printNext('To execute it, within a day:', next),
  ].join('');
}

/** The verdicts by rule, and what is wrong with the area. */
export function printPlanBody(title: string, report: PlanReport, io: Io): string {
  const { green } = io.colors;
  const rows = report.reasons.map(({ rule, verdict, objects, bytes: size }) => [
    verdict === 'delete' || verdict === 'quarantined' ? green(verdict) : verdict,
    objects.toLocaleString('en-US'),
    bytes(size),
    REASONS[rule],
  ]);
  return [
    printHeading(title, report.area, report.start, io),
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
  ].join('');
}
