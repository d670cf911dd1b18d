import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { printNext } from '../next-command.ts';
import { paragraph, printable } from './text.ts';

export interface StatementOptions {
  readonly json?: true;
  readonly execute?: true;
}

/** Options of a command that only ever keeps more, and therefore acts at once. */
export interface BrakeOptions {
  readonly dryRun?: true;
  /** Accepted, and without effect. */
  readonly execute?: true;
}

/** Adds the options of {@link BrakeOptions}. */
export function addBrakeOptions(command: Command): Command {
  return command
    .addOption(new Option('--dry-run', 'only show what would be done').conflicts('execute'))
    .addOption(new Option('--execute', 'accepted, but not needed: this command acts at once'))
    .addOption(new Option('--yes', 'accepted, but not needed: this command asks nothing'));
}

export interface Statement {
  /** For `--json`. */
  readonly document: object;
  readonly done: string;
  readonly would: string;
  /** Whether it was recorded, or only looked at. */
  readonly executed: boolean;
  /** The command that executes it. */
  readonly command: string;
  /** What to run afterwards, and for what purpose. */
  readonly next?: readonly [sentence: string, command: string];
}

/** Prints one declaration that was recorded in the ledger, or would be. */
export function printStatement(
  { document, done, would, executed, command, next }: Statement,
  options: Pick<StatementOptions, 'json'>,
  io: Io,
): void {
  if (options.json) {
    io.out(`${JSON.stringify({ ...document, executed }, null, 2)}\n`);
    return;
  }
  const sentence = printable(executed ? done : `Dry run: nothing was changed. ${would}`);
  if (io.isQuiet) {
    io.out(`${sentence}\n`);
    return;
  }
  const following = executed ? next : (['To do it:', command] as const);
  io.out([paragraph(sentence, io), following === undefined ? '' : printNext(...following)].join(''));
}
