import type { MissingObject } from '#steward/explain.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { count, paragraph, parts, printable } from './text.ts';

const ROOTS_SHOWN = 10;

/** @param ledger the name of the ledger whose runs were searched; null where there is none. */
export function printMissing({ url, namedBy }: MissingObject, ledger: string | null, typed: TypedArea, io: Io): string {
  const { bold, dim } = io.colors;
  const noRun = ledger === null ? '' : ` No run recorded in ${printable(ledger)} deleted it.`;
  return [
    `${bold(printable(url))}\n`,
    `\n${paragraph(`${bold('missing:')} it does not exist, but ${count(namedBy.length, 'checkpoint or savepoint references', 'checkpoints or savepoints reference')} it and can't be restored without it.${noRun}`, io)}`,
    '\nReferenced by:\n',
    ...namedBy
      .slice(0, ROOTS_SHOWN)
      .map(({ path, completed }) =>
        parts([`${dim(completed.slice(0, 10))}  ${printable(path)}`], io, '  ', ' '.repeat(14)),
      ),
    namedBy.length > ROOTS_SHOWN ? `  … and ${namedBy.length - ROOTS_SHOWN} more (see --json)\n` : '',
    '\n',
    printNext('To see what each job can be restored from:', nextCommand(['restore-points'], typed)),
  ].join('');
}
