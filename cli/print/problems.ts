import { undecidableWords } from '#steward/audit.ts';
import type { Io } from '../io.ts';
import { complain, note } from './stderr.ts';
import { paragraph, printable } from './text.ts';

/** Prints the problems of an area, in the same way for every command. */

interface Problem {
  readonly code: string;
  readonly sentence: string;
}

/** The problems of an area on stderr, for an answer that has no place for them. */
export function complainOf(
  {
    undecidable,
    findings = [],
    notes = [],
  }: {
    readonly undecidable: readonly Problem[];
    readonly findings?: readonly Pick<Problem, 'sentence'>[];
    readonly notes?: readonly string[];
  },
  io: Io,
): void {
  for (const { sentence, command } of undecidableWords(undecidable)) {
    complain(`Undecidable, so nothing would be deleted: ${sentence}${command === null ? '' : ` ${command}`}`, io);
  }
  for (const { sentence } of findings) complain(`Finding: ${sentence}`, io);
  for (const sentence of notes) note(sentence, io);
}

/** Prints one reason of each kind, and how many more of the kind there are. */
export function printUndecidable(undecidable: readonly Problem[], io: Io): string {
  if (undecidable.length === 0) {
    return '';
  }
  const lines = undecidableWords(undecidable).map(({ sentence, command }) =>
    paragraph(printable(command === null ? sentence : `${sentence} ${command}`), io, '  - ', '    '),
  );
  return `\n${io.colors.red('This area is undecidable, and nothing in it would be deleted:')}\n${lines.join('')}`;
}

export function printFindings(sentences: readonly string[], io: Io): string {
  if (sentences.length === 0) {
    return '';
  }
  const lines = sentences.map((sentence) => paragraph(printable(sentence), io, '  - ', '    '));
  return `\n${io.colors.yellow('Findings:')}\n${lines.join('')}`;
}

export function printNotes(notes: readonly string[], io: Io): string {
  if (notes.length === 0) {
    return '';
  }
  const shown = notes.slice(0, 10).map((note) => paragraph(printable(note), io, '  - ', '    '));
  const more = notes.length > 10 ? `  … and ${notes.length - 10} more (see --json)\n` : '';
  return `\nNotes:\n${shown.join('')}${more}`;
}
