import type { Io } from '../io.ts';
import { paragraph, printableLines } from './text.ts';

/** Sentences on stderr, each line of them wrapped where a person reads it on a terminal. */
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
