import type { JobVerification, VerifyReport } from '#steward/verify.ts';
import type { Io } from '../io.ts';
import { printHeading } from './heading.ts';
import { jobNames } from './job-names.ts';
import { printNotes } from './problems.ts';
import { count, paragraph, parts, printable } from './text.ts';

const FILES_SHOWN = 20;

export function printVerification(report: VerifyReport, io: Io): string {
  const names = jobNames(report.jobs);
  return [
    printHeading('Files of restore points in', report.area, report.start, io),
    ...report.jobs.map((job, at) => printJob(job, names[at] ?? '', io)),
  ].join('');
}

function printJob(job: JobVerification, name: string, io: Io): string {
  const { bold, green, red } = io.colors;
  const { restorePoints, stateFiles: files, looked, broken, unread } = job;
  if (restorePoints.length === 0) return `\n${bold(name)}: ${red('no restore point')}\n`;
  const whole =
    files === 0
      ? 'no state files of RocksDB or ForSt, so only sizes are known'
      : broken.length > 0
        ? red(count(broken.length, 'broken state file'))
        : looked < files
          ? `${looked.toLocaleString('en-US')} of ${count(files, 'state file')} looked at, and whole`
          : green(files === 1 ? 'its state file is whole' : `all ${count(files, 'state file')} are whole`);
  const shown = broken.slice(0, FILES_SHOWN);
  const more = broken.length - shown.length;
  return [
    '\n',
    parts([`${bold(name)}:`, `${count(restorePoints.length, 'restore point')},`, whole], io),
    ...shown.map(({ sentence }) => paragraph(printable(sentence), io, '  - ', '    ')),
    more > 0 ? `  … and ${count(more, 'more file')} (see --json)\n` : '',
    printNotes(unread, io),
  ].join('');
}
