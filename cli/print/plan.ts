import { REASONS } from '#core/collect/verdicts.ts';
import type { PlanReport } from '#steward/documents.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { printHeading } from './heading.ts';
import { printFindings, printNotes, printUndecidable } from './problems.ts';
import { bytes, paragraph, printable, table } from './text.ts';

/** @param next what to do now, as {@link afterPlan} says it. */
export function printPlan(report: PlanReport, files: readonly string[], next: string, io: Io): string {
  return [
    printPlanBody('Plan for', report, io),
    ...files.map((file) => `\nWritten: ${printable(file)}`),
    files.length === 0 ? '' : '\n',
    `\n${paragraph('Nothing was deleted: a plan only says what would be.', io)}`,
    next,
  ].join('');
}

/**
 * What to do now: to execute the plan, where it was written and names something; else what lets the garbage go.
 *
 * @param file where the plan was written.
 * @param remembered whether a ledger remembers this plan as a run.
 */
export function afterPlan(
  { reasons, undecidable }: PlanReport,
  {
    file,
    remembered,
    typed,
  }: { readonly file: string | undefined; readonly remembered: boolean; readonly typed: TypedArea },
  io: Io,
): string {
  const goes = reasons.some(({ verdict }) => verdict === 'delete');
  const waits = reasons.some(({ verdict }) => verdict === 'quarantined');
  if (undecidable.length > 0 || !(goes || waits)) {
    return '';
  }
  if (!remembered) {
    return paragraph('Garbage goes after a quarantine, which a plan with --ledger begins.', io);
  }
  return goes && file !== undefined
    ? printNext('To execute it, within a day:', nextCommand(['apply', file], typed, ['--execute']))
    : printNext('What a run would delete by now:', nextCommand(['collect'], typed));
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
