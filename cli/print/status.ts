import { sayPaused } from '#steward/history.ts';
import type { StatusReport } from '#steward/status.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { printRuns } from './history.ts';
import { bytes, count, moment, paragraph, printable } from './text.ts';

/** What is in force in an area: whether runs delete, what people declared, what waits, and what runs did last. */
export function printStatus(status: StatusReport, typed: TypedArea, io: Io): string {
  const { area, ledger, exists, markers, runs, paused } = status;
  const { bold, yellow } = io.colors;
  return [
    paragraph(`${bold('Status of')} ${area.map(printable).join(', ')}`, io),
    '\n',
    row('ledger', printable(exists ? ledger : `${ledger}, which does not exist yet`), io),
    ...markers.map((sentence) => row('', yellow(printable(sentence)), io)),
    row('pause', paused === null ? 'none' : yellow(printable(sayPaused(paused))), io),
    row('in progress', inProgress(status), io),
    row('last deletion', lastDeletion(status), io),
    row('quarantine', quarantine(status), io),
    row('retired', retired(status), io),
    list('pinned', status.pins.map(pin), io),
    list('declared dead', [...status.deadJobs.map(deadJob), ...status.deadRoots.map(deadRoot)], io),
    runs.length === 0 ? '' : `\n${bold('Last runs')}\n\n${printRuns(runs, io)}`,
    '\n',
    next(status, typed),
  ].join('');
}

const WIDTH = 'last deletion'.length + 2;

function row(name: string, text: string, io: Io): string {
  return paragraph(text, io, name.padEnd(WIDTH));
}

function list(name: string, texts: readonly string[], io: Io): string {
  if (texts.length === 0) return row(name, 'nothing', io);
  return texts.map((text, at) => row(at === 0 ? name : '', printable(text), io)).join('');
}

function inProgress({ inProgress: holder }: StatusReport): string {
  if (holder === null) return 'no run';
  // As the table of runs calls it: a whole command would be taken for one to paste.
  const command = holder.command.replace(/^steward /, '');
  return printable(`${command}, run ${holder.run}, on ${holder.host}`);
}

function lastDeletion({ lastDeleting: run }: StatusReport): string {
  if (run === null) return 'none';
  const { deleted, retired: roots } = run;
  const what = [
    ...(deleted.objects === 0 ? [] : [`${count(deleted.objects, 'object')} (${bytes(deleted.bytes)}) deleted`]),
    ...(roots === 0 ? [] : [`${count(roots, 'checkpoint or savepoint', 'checkpoints and savepoints')} retired`]),
  ];
  return `${moment(run.began)}: ${what.join(', ')} by ${run.command}, run ${run.run}`;
}

function quarantine({ quarantine: found }: StatusReport): string {
  if (found === null) return 'not known: no run has judged the area yet';
  const { asOf, objects, bytes: size, firstEnds } = found;
  const when = firstEnds === null ? '' : `; the first may go from ${moment(firstEnds)}`;
  return objects === 0
    ? `empty (as of ${moment(asOf)})`
    : `${count(objects, 'object')}, ${bytes(size)}${when} (as of ${moment(asOf)})`;
}

function retired({ retired: roots }: StatusReport): string {
  return roots === 0
    ? 'nothing'
    : `${count(roots, 'checkpoint or savepoint', 'checkpoints and savepoints')}, which "undo" may put back`;
}

function pin({ url, at, why }: StatusReport['pins'][number]): string {
  return `${url}, since ${moment(at)}${why === null ? '' : ` (${why})`}`;
}

function deadJob({ job, at, by, label, lapsed }: StatusReport['deadJobs'][number]): string {
  const name = label === null || label === job ? `job ${job}` : `job ${job} (${label})`;
  const where = by === 'configured' ? ', in the configuration' : '';
  const state =
    lapsed === null
      ? ''
      : lapsed
        ? '. The declaration has lapsed: the job has completed a checkpoint since'
        : '. By the last survey, it had completed no checkpoint since';
  return `${name}, since ${moment(at)}${where}${state}`;
}

function deadRoot({ url, at }: StatusReport['deadRoots'][number]): string {
  return `${url}, since ${moment(at)}`;
}

function next({ exists, paused, lastDeleting }: StatusReport, typed: TypedArea): string {
  if (!exists)
    return printNext(
      'No run has used this ledger yet. To start with one that deletes nothing:',
      nextCommand(['plan'], typed),
    );
  if (paused !== null) {
    return printNext('To allow deleting again:', nextCommand(['resume'], typed, ['--execute']));
  }
  return lastDeleting === null
    ? printNext('To see what a run would delete now, and why:', nextCommand(['plan'], typed))
    : printNext('To list what it deleted, and why:', nextCommand(['history'], typed, ['--run', lastDeleting.run]));
}
