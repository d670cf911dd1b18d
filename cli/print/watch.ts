import type { WatchedLoss, WatchReport } from '#steward/watch.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { count, moment, paragraph, printable } from './text.ts';

/** What watching an area prints: a line at its beginning, one for each loss, and one at its end. */

const MOST_POINTS = 3;

export function printBeginning({ began, restorePoints, objects, damaged }: WatchReport, every: string, io: Io): string {
  const already =
    damaged === 0
      ? ''
      : ` ${count(damaged, 'checkpoint or savepoint lacks', 'checkpoints and savepoints lack')} files already.`;
  return paragraph(
    `${moment(began)}: watching ${count(objects, 'object')} and ${count(restorePoints, 'restore point')}, with a look every ${every}.${already} Ctrl-C ends it.`,
    io,
  );
}

export function printEnd(report: WatchReport, typed: TypedArea, io: Io): string {
  const { ended, looks, losses } = report;
  if (losses.length === 0) {
    return paragraph(`${moment(ended)}: nothing was lost in ${count(looks, 'look')}.`, io);
  }
  return [
    ...losses.map((loss) => lineOf(loss, ended, io)),
    printNext('To see what each job can be restored from:', nextCommand(['restore-points'], typed)),
    printNext('To see what lifecycle rules delete:', nextCommand(['rules', 'check'], typed)),
  ].join('');
}

function lineOf({ url, restorePoints }: WatchedLoss, ended: string, io: Io): string {
  const shown = restorePoints.slice(0, MOST_POINTS).map(({ path, job }) => `${printable(path)} of ${printable(job)}`);
  const more = restorePoints.length - shown.length;
  const points = `${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
  return paragraph(`${moment(ended)}: ${printable(url)} is gone, and needed to restore ${points}.`, io);
}
