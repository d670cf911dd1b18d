import type { Io } from '../io.ts';
import { paragraph, printableLines } from './text.ts';

/** Prints sentences on stderr; on a terminal, every line is wrapped. */
export function complain(sentences: string, io: Io): void {
  const { errorColumns: columns } = io;
  const text = printableLines(sentences);
  io.err(
    columns === undefined
      ? `${text}\n`
      : text
          .split('\n')
          .map((line) => paragraph(line, { ...io, columns }))
          .join(''),
  );
}
