import type { Io } from '../io.ts';
import { says } from '../log-level.ts';
import { paragraph, printableLines } from './text.ts';

/** Prints sentences on stderr; on a terminal, every line is wrapped. */
export function complain(sentences: string, io: Io): void {
  const { errorColumns: columns } = io;
  const text = printableLines(io.complete?.(sentences) ?? sentences);
  io.err(
    columns === undefined
      ? `${text}\n`
      : text
          .split('\n')
          .map((line) => paragraph(line, { ...io, columns }))
          .join(''),
  );
}

/** What people should know although nothing is wrong with the command. */
export function note(sentence: string, io: Io): void {
  remark(`Note: ${sentence}`, io);
}

/** What happens meanwhile, or where something is; not said where only errors are wanted. */
export function remark(sentences: string, io: Io): void {
  if (says(io, 'warn')) complain(sentences, io);
}
