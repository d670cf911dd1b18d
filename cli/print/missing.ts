import type { MissingObject } from '#steward/explain.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { count, paragraph, parts, printable } from './text.ts';

const ROOTS_SHOWN = 10;

/** @param ledger the name of the one whose runs were looked through; null where there is none. */
export function printMissing({ url, namedBy }: MissingObject, ledger: string | null, typed: TypedArea, io: Io): string {
  const { bold, dim } = io.colors;
  const who = ledger === null ? '' : ` No run on record in ${printable(ledger)} deleted it.`;
  return [
    `${bold(printable(url))}\n`,
    `\n${paragraph(`${bold('missing:')} it is not there, and ${count(namedBy.length, 'checkpoint or savepoint names', 'checkpoints or savepoints name')} it, which can't be restored without it.${who}`, io)}`,
    `\nNamed by:\n`,
    ...namedBy
      .slice(0, ROOTS_SHOWN)
      .map(({ path, completed }) =>
        parts([`${dim(completed.slice(0, 10))}  ${printable(path)}`], io, '  ', ' '.repeat(14)),
      ),
    namedBy.length > ROOTS_SHOWN ? `  … and ${namedBy.length - ROOTS_SHOWN} more (see --json)\n` : '',
    '\n',
    printNext('From where each job can be restored:', nextCommand(['restore-points'], typed)),
  ].join('');
}
