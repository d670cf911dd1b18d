import type { JobRestorePoints, RestorePointsReport } from '#operations/restore-points.ts';
import type { Io } from '../io.ts';
import { jobNames } from './job-names.ts';
import { printUndecidable } from './problems.ts';
import { age, bytes, count, moment, paragraph, printable } from './text.ts';

export function printRestorePoints(report: RestorePointsReport, io: Io): string {
  const { bold, dim } = io.colors;
  const head = `${bold('Restore points in')} ${printable(report.area.join(', '))}${dim(`, as of ${moment(report.start)}`)}\n${dim('Every file that they name exists, with the right size.')}\n`;
  const names = jobNames(report.jobs);
  return [
    head,
    ...report.jobs.map((job, at) => printJob(job, names[at] ?? '', io)),
    printUndecidable(report.undecidable, io),
  ].join('');
}

function printJob(job: JobRestorePoints, name: string, io: Io): string {
  const { bold, dim, red } = io.colors;
  const { newest } = job;
  const lines = [`\n${bold(name)}\n`];
  if (newest === null) {
    lines.push(`  ${red('no restore point')}\n`);
  } else {
    const others = job.restorePoints - 1;
    const more = others > 0 ? dim(`, ${count(others, 'older one')}`) : '';
    lines.push(
      `  ${printable(newest.path.split('/').at(-1) ?? '')} (${newest.kind}), ${age(newest.ageSeconds)} old, ${bytes(newest.bytes)}${more}\n`,
      `  ${printable(newest.command)}\n`,
    );
  }
  const damaged = job.damagedSince.length;
  if (damaged > 0 && job.finding === null) {
    lines.push(
      paragraph(
        `${count(damaged, 'newer checkpoint is', 'newer checkpoints are')} damaged, but the job goes on elsewhere or may still be writing.`,
        io,
        '  ',
      ),
    );
  }
  if (job.unverified > 0) {
    lines.push(
      paragraph(
        `${count(job.unverified, 'checkpoint or savepoint names', 'checkpoints or savepoints name')} files outside the area, which were not checked.`,
        io,
        '  ',
      ),
    );
  }
  if (job.finding !== null) {
    lines.push(paragraph(printable(job.finding), io, '  '));
  }
  return lines.join('');
}
