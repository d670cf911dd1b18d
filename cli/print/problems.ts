import type { Io } from '../io.ts';
import { count, paragraph, printable } from './text.ts';

/** Prints the problems of an area, in the same way for every command. */

interface Problem {
  readonly code: string;
  readonly sentence: string;
}

/** A command at the end of a sentence, which is not wrapped, because people copy it. */
const COMMAND_AT_END = /^(.*): (steward .* --execute)$/s;

/** Prints one reason of each kind in full, and how many more of the kind there are. */
export function printUndecidable(undecidable: readonly Problem[], io: Io): string {
  if (undecidable.length === 0) {
    return '';
  }
  const kinds = new Map<string, Problem[]>();
  for (const problem of undecidable) {
    const alike = kinds.get(problem.code) ?? [];
    alike.push(problem);
    kinds.set(problem.code, alike);
  }
  const lines = [...kinds.values()].map(([first, ...others]) => {
    const what = first?.code === 'flink-unreachable' ? 'more endpoint' : 'more root';
    const more = others.length === 0 ? '' : ` (${count(others.length, what)} like it)`;
    const [, before, command] = COMMAND_AT_END.exec(first?.sentence ?? '') ?? [];
    if (before !== undefined && command !== undefined) {
      return `${paragraph(printable(`${before}${more}:`), io, '  - ', '    ')}  ${printable(command)}\n`;
    }
    return paragraph(printable(`${first?.sentence}.${more}`), io, '  - ', '    ');
  });
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
