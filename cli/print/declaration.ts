import type { Io } from '../io.ts';
import { printNext } from '../next-command.ts';
import { paragraph, printable } from './text.ts';

export interface StatementOptions {
  readonly json?: true;
  readonly execute?: true;
}

export interface Statement {
  /** For `--json`. */
  readonly document: object;
  readonly done: string;
  readonly would: string;
  /** The command that executes it. */
  readonly command: string;
  /** What to run afterwards, and for what purpose. */
  readonly next?: readonly [sentence: string, command: string];
}

/** Prints one declaration that was recorded in the ledger, or would be. */
export function printStatement(
  { document, done, would, command, next }: Statement,
  options: StatementOptions,
  io: Io,
): void {
  const executed = options.execute === true;
  if (options.json) {
    io.out(`${JSON.stringify({ ...document, executed }, null, 2)}\n`);
    return;
  }
  const following = executed ? next : (['To do it:', command] as const);
  io.out(
    [
      paragraph(printable(executed ? done : `Dry run: nothing was changed. ${would}`), io),
      following === undefined ? '' : printNext(...following),
    ].join(''),
  );
}
