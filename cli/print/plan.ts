import { REASONS } from '#core/collect/verdicts.ts';
import { moment } from '#core/quantity.ts';
import type { PlanReport } from '#steward/documents.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea, wouldDelete } from '../next-command.ts';
import { printHeading } from './heading.ts';
import { planLine } from './one-line.ts';
import { printFindings, printNotes, printUndecidable } from './problems.ts';
import { bytes, paragraph, printable, table } from './text.ts';

/** @param next what to do now, from {@link afterPlan}. */
export function printPlan(report: PlanReport, files: readonly string[], next: string, io: Io): string {
  if (io.isQuiet) return planLine(report);
  return [
    printPlanBody('Plan for', report, io),
    ...files.map((file) => `\nWritten: ${printable(file)}`),
    files.length === 0 ? '' : '\n',
    `\n${paragraph('Nothing was deleted: a plan only shows what would be deleted.', io)}`,
    next,
  ].join('');
}

/**
 * What to do now: execute the plan, if it was written and contains an object; otherwise, how the garbage gets deleted.
 *
 * @param file where the plan was written.
 * @param remembered whether the ledger has recorded this plan as a run.
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
  const isDeleted = reasons.some(({ verdict }) => verdict === 'delete');
  const isQuarantined = reasons.some(({ verdict }) => verdict === 'quarantined');
  if (undecidable.length > 0 || !(isDeleted || isQuarantined)) {
    return '';
  }
  if (!remembered) {
    return paragraph(
      'Garbage is deleted after a quarantine, which begins with the first run or plan that has a --ledger.',
      io,
    );
  }
  return isDeleted && file !== undefined
    ? printNext('To execute it, within a day:', nextCommand(['apply', file], typed, ['--execute']))
    : printNext('To see what a run would delete now:', wouldDelete(typed));
}

/** The verdicts by rule, and the problems of the area. */
export function printPlanBody(title: string, report: PlanReport, io: Io): string {
  const { green } = io.colors;
  const { firstEnds } = report.quarantine;
  const rows = report.reasons.map(({ rule, verdict, objects, bytes: size }) => [
    verdict === 'delete' || verdict === 'quarantined' ? green(verdict) : verdict,
    objects.toLocaleString('en-US'),
    bytes(size),
    rule === 'quarantine' && firstEnds !== null
      ? `${REASONS[rule]}; the first may go from ${moment(firstEnds)}`
      : REASONS[rule],
  ]);
  return [
    printHeading(title, report.area, report.start, io),
    report.job === undefined
      ? ''
      : paragraph(printable(`Only the objects of ${report.job} are counted here. The whole area was judged.`), io),
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
