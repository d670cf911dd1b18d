import type { JobVerification, VerifyReport } from '#steward/verify.ts';
import type { Io } from '../io.ts';
import { printHeading } from './heading.ts';
import { jobNames } from './job-names.ts';
import { printNotes, printUndecidable } from './problems.ts';
import { count, paragraph, parts, printable } from './text.ts';

const FILES_SHOWN = 20;
const DAMAGED_SHOWN = 5;

export function printVerification(report: VerifyReport, io: Io): string {
  const names = jobNames(report.jobs);
  return [
    printHeading('Files of restore points in', report.area, report.start, io),
    ...report.jobs.map((job, at) => printJob(job, names[at] ?? '', io)),
    printUndecidable(report.undecidable, io),
  ].join('');
}

const OUTSIDE = ['checkpoint or savepoint references', 'checkpoints or savepoints reference'] as const;

function printJob(job: JobVerification, name: string, io: Io): string {
  const { bold, red } = io.colors;
  const { restorePoints, broken, damaged, unverified, unread } = job;
  const outside = `${count(unverified, ...OUTSIDE)} files outside the area`;
  const head =
    restorePoints.length > 0
      ? [`${count(restorePoints.length, 'restore point')},`, sayFiles(job, io)]
      : [unverified > 0 ? `not checked: ${outside}.` : red('no restore point')];
  const shown = broken.slice(0, FILES_SHOWN);
  const more = broken.length - shown.length;
  const lacking = damaged.slice(0, DAMAGED_SHOWN);
  const others = damaged.length - lacking.length;
  const item = (sentence: string): string => paragraph(printable(sentence), io, '  - ', '    ');
  return [
    '\n',
    parts([`${bold(name)}:`, ...head], io),
    ...shown.map(({ sentence }) => item(sentence)),
    more > 0 ? `  … and ${count(more, 'more file')} (see --json)\n` : '',
    ...lacking.map(({ sentence }) => item(sentence)),
    others > 0
      ? `  … and ${count(others, 'more damaged checkpoint or savepoint', 'more damaged checkpoints or savepoints')} (see --json)\n`
      : '',
    restorePoints.length > 0 && unverified > 0 ? item(`${outside}, which were not looked at.`) : '',
    printNotes(unread, io),
  ].join('');
}

/** Only what was looked at is said: nothing of what the files contain. */
function sayFiles({ stateFiles: files, looked, broken }: JobVerification, { colors: { green, red } }: Io): string {
  if (files === 0) return 'no state files of RocksDB or ForSt, so only sizes are known';
  if (broken.length > 0) return red(count(broken.length, 'broken state file'));
  if (looked < files) {
    return `the ends of ${looked.toLocaleString('en-US')} of ${count(files, 'state file')} are intact; the others were not read`;
  }
  const all =
    files === 1 ? 'the end of its state file is intact' : `the ends of all ${count(files, 'state file')} are intact`;
  return `${green(all)} (contents were not read)`;
}
