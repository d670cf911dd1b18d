import { checkpointNumber, savepointJobPrefix } from '#core/flink/names.ts';
import type { JobRestorePoints, RestorePointsReport } from '#steward/restore-points.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { printHeading } from './heading.ts';
import { jobNames } from './job-names.ts';
import { printUndecidable } from './problems.ts';
import { age, bytes, count, paragraph, parts, printable } from './text.ts';

export function printRestorePoints(report: RestorePointsReport, typed: TypedArea, io: Io): string {
  const names = jobNames(report.jobs);
  return [
    printHeading('Restore points in', report.area, report.start, io),
    paragraph(io.colors.dim(standing(report)), io),
    ...report.jobs.map((job, at) => printJob(job, names[at] ?? '', typed, io)),
    printUndecidable(report.undecidable, io),
    ...report.jobs
      .flatMap(({ newest }) => newest ?? [])
      .slice(0, 1)
      .flatMap(({ path }) => [
        '\n',
        printNext(
          'Nothing was changed. To keep a restore point, whatever the policy:',
          nextCommand(['pin', path], typed),
        ),
      ]),
  ].join('');
}

function standing({ jobs }: RestorePointsReport): string {
  if (jobs.length === 0) {
    return 'There is no checkpoint or savepoint in the area.';
  }
  return jobs.some(({ newest }) => newest !== null)
    ? 'All files of each restore point exist with the right size.'
    : 'There is no restore point: no checkpoint or savepoint has all its files, with the right size.';
}

/** Before format 4 a file does not say what it is, but its directory does. */
function kindOf({ kind, path }: NonNullable<JobRestorePoints['newest']>): string {
  if (kind !== 'unknown') return kind;
  const directory = path.split('/').at(-1);
  if (checkpointNumber(directory) !== null) return 'checkpoint';
  return savepointJobPrefix(directory) === null ? kind : 'savepoint';
}

/** Roots that are named one by one. */
const WITHHELD_SHOWN = 3;
const COMMANDS_SHOWN = 3;

/** Not wrapped, so that they can be copied; the first ones, and the last, which is the restore. */
function printCommands(commands: readonly string[], { complete }: Io): readonly string[] {
  const left = commands.length - COMMANDS_SHOWN;
  const shown = left <= 0 ? commands : [...commands.slice(0, COMMANDS_SHOWN - 1), ...commands.slice(-1)];
  const lines = shown.map((command) => `  ${printable(complete?.(command) ?? command)}\n`);
  return left <= 0 ? lines : lines.toSpliced(-1, 0, `  … and ${count(left, 'more command')} (see --json)\n`);
}

/** How deep its files were looked at. */
function sayVerified(
  { stateFiles, looked }: NonNullable<NonNullable<JobRestorePoints['newest']>['verified']>,
  label: string,
  typed: TypedArea,
): string {
  if (stateFiles === 0) return 'It has no state files of RocksDB or ForSt that could be looked at.';
  if (stateFiles === 1 && looked === 1) return 'The end of its state file was looked at, and is intact.';
  const files = count(stateFiles, 'state file');
  if (looked === stateFiles) return `The end of each of its ${files} was looked at, and is intact.`;
  const sofar =
    looked === 0
      ? `None of its ${files} was looked at. To look at them:`
      : `Of its ${files}, ${looked.toLocaleString('en-US')} were looked at, and their ends are intact. To look at the others:`;
  return `${sofar} ${nextCommand(['verify'], typed, ['--job', label])}`;
}

function printJob(job: JobRestorePoints, name: string, typed: TypedArea, io: Io): string {
  const { bold, dim, red } = io.colors;
  const { newest } = job;
  const lines = [`\n${bold(name)}\n`];
  const unverified = job.unverified - job.withheld.filter(({ reason }) => reason === 'copy').length;
  const outside = `${count(unverified, 'checkpoint or savepoint references', 'checkpoints or savepoints reference')} files outside the area`;
  if (newest === null) {
    lines.push(unverified > 0 ? paragraph(`not checked: ${outside}.`, io, '  ') : `  ${red('no restore point')}\n`);
  } else {
    const others = job.restorePoints - 1;
    const facts = [
      age(newest.ageSeconds),
      bytes(newest.bytes),
      ...(others > 0 ? [dim(count(others, 'older one'))] : []),
    ];
    lines.push(
      parts(
        [
          printable(newest.path.split('/').at(-1) ?? ''),
          `(${kindOf(newest)}),`,
          ...facts.map((fact, at) => `${fact}${at === facts.length - 1 ? '' : ','}`),
        ],
        io,
        '  ',
      ),
      // Not wrapped, so that it can be copied.
      `  ${printable(newest.command)}\n`,
      newest.verified === undefined ? '' : paragraph(sayVerified(newest.verified, job.label, typed), io, '  '),
      newest.readsFrom === null ? '' : paragraph(printable(newest.readsFrom), io, '  '),
      job.timesDistrusted === null || job.restorePoints < 2
        ? ''
        : paragraph(printable(`It may not be the newest: ${job.timesDistrusted}.`), io, '  '),
    );
  }
  for (const { sentence, commands } of job.withheld.slice(0, WITHHELD_SHOWN)) {
    lines.push(paragraph(printable(sentence), io, '  '), ...printCommands(commands, io));
  }
  for (const { sentence } of job.unreadable) {
    lines.push(paragraph(printable(sentence), io, '  '));
  }
  if (job.damage !== null) {
    lines.push(
      paragraph(printable(job.damage), io, '  '),
      ...printCommands(
        job.repair.map(({ command }) => command),
        io,
      ),
    );
  }
  if (unverified > 0 && newest !== null) {
    lines.push(paragraph(`${outside}, which were not checked.`, io, '  '));
  }
  if (job.finding !== null) {
    lines.push(paragraph(printable(job.finding), io, '  '));
  }
  return lines.join('');
}
