import Table from 'cli-table3';
// The version must be the one with which cli-table3 pads, so that tables have the computed width.
import stringWidth from 'string-width';
import { commandsIn } from '#core/commands-in-text.ts';
import { printable } from '#core/printable.ts';
import { ago } from '#core/quantity.ts';
import type { Io } from '../io.ts';

/** Formats numbers, times and tables. */

export { printable } from '#core/printable.ts';
export { bytes, count, moment } from '#core/quantity.ts';

/** An age in its largest unit: `12 d old`, `3 h old`. */
export function age(seconds: number): string {
  if (seconds < 0) {
    return 'in the future';
  }
  return ago(seconds * 1_000).replace(/ago$/, 'old');
}

export interface Column {
  readonly head: string;
  readonly right?: boolean;
  /** Wraps its text at spaces if the table is wider than the terminal. At most one column of a table may wrap. */
  readonly wrap?: boolean;
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

const COLUMN_GAP = 2;
/** The least width of a column that wraps. */
export const NARROWEST_WRAP = 20;
/** The least width of a shortened text: a shorter one can't be recognised. */
const NARROWEST_SHORTENED = 12;

/** A table without lines; every row ends with a line break. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], io: Io): string {
  const drawn = new Table({
    head: columns.map(({ head }) => head.split('\n').map(io.colors.dim).join('\n')),
    chars: NO_LINES,
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  const wrapped = columns.findIndex(({ wrap }) => wrap);
  const rest = columns.map(({ head }, at) =>
    at === wrapped ? 0 : widest([head, ...rows.map((row) => row[at] ?? '')]),
  );
  const room = io.columns - rest.reduce((sum, width) => sum + width, COLUMN_GAP * (columns.length - 1));
  drawn.push(
    ...rows.map((row) =>
      row.map((cell, at) => (at === wrapped ? wrap(cell, Math.max(NARROWEST_WRAP, room)).join('\n') : cell)),
    ),
  );
  return `${drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/**
 * The width that one column of a table may have so that the table fits a width: what the other columns leave. A column
 * that wraps counts with its least width.
 */
export function roomFor(
  column: number,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): number {
  let room = width - COLUMN_GAP * (columns.length - 1);
  for (const [at, { head, wrap: wraps }] of columns.entries()) {
    const needed = widest([head, ...rows.map((row) => row[at] ?? '')]);
    room -= at === column ? 0 : wraps ? Math.min(needed, NARROWEST_WRAP) : needed;
  }
  return Math.max(NARROWEST_SHORTENED, room);
}

/** The least width of a table, in columns of a terminal. */
export function narrowest(columns: readonly Column[], rows: readonly (readonly string[])[]): number {
  return columns.reduce(
    (sum, { head, wrap: wraps }, at) => {
      const needed = widest([head, ...rows.map((row) => row[at] ?? '')]);
      return sum + (wraps ? Math.min(needed, NARROWEST_WRAP) : needed);
    },
    COLUMN_GAP * (columns.length - 1),
  );
}

/**
 * Wraps a paragraph between words at the width of the terminal; `indent` comes before every line except the first. Commands
 * are completed, and not wrapped, because people copy them.
 */
export function paragraph(text: string, io: Io, first = '', indent = ' '.repeat(stringWidth(first))): string {
  // Programs get one line for each sentence, which they can search. Nobody reads lines that are very long.
  const width = io.columns === Number.POSITIVE_INFINITY ? io.columns : Math.max(40, Math.min(io.columns, 120));
  const whole = io.complete?.(text) ?? text;
  if (stringWidth(first) + stringWidth(whole) <= width) {
    return `${first}${whole}\n`;
  }
  const lines = segments(whole).flatMap(({ prose, command }, at) => [
    ...wrap(prose, width, at === 0 ? first : indent, indent),
    ...(command === null ? [] : [`${indent}  ${command}`]),
  ]);
  return `${lines.join('\n')}\n`;
}

/** The parts of a text, each with the command that stands on a line of its own below it. In parentheses none does. */
function segments(text: string): readonly { readonly prose: string; readonly command: string | null }[] {
  const parts: { prose: string; command: string | null }[] = [];
  let at = 0;
  for (const { start, end } of commandsIn(text)) {
    const before = text.slice(at, start);
    if (start === 0 || before.lastIndexOf('(') > before.lastIndexOf(')')) continue;
    parts.push({ prose: before.trimEnd(), command: text.slice(start, end) });
    // The full stop behind a command would be copied with it.
    at = end + (/^\.?\s*/.exec(text.slice(end))?.[0].length ?? 0);
  }
  return at === text.length ? parts : [...parts, { prose: text.slice(at), command: null }];
}

/** As {@link paragraph}, for parts that are not broken although they may contain spaces: paths, times, labels. */
export function parts(texts: readonly string[], io: Io, first = '', indent = ' '.repeat(stringWidth(first))): string {
  return `${fill(texts, io.columns, first, indent).join('\n')}\n`;
}

/** Stands for a space that is kept. No printed text has it: see {@link printable}. */
const KEPT = '\0';
/** Not the space between an option and its value, because people copy them together. */
const BREAKABLE_SPACE = /(?<!(?:^| )--[a-z][a-z-]*) /;

/** A text that a column keeps on one line although it wraps. Only for cells of such a column. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', KEPT);
}

function wrap(text: string, width: number, first = '', indent = ''): readonly string[] {
  return fill(wordsOf(text), width, first, indent);
}

/** A command is one word. */
function wordsOf(text: string): readonly string[] {
  const marked = commandsIn(text).reduceRight(
    (marks, { start, end }) => marks.slice(0, start) + marks.slice(start, end).replaceAll(' ', KEPT) + marks.slice(end),
    text,
  );
  return marked.split(BREAKABLE_SPACE).map((word) => word.replaceAll(KEPT, ' '));
}

function fill(words: readonly string[], width: number, first: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of words) {
    if (!empty && stringWidth(line) + 1 + stringWidth(word) > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** The width of the widest line of the texts. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.flatMap((text) => text.split('\n').map((line) => stringWidth(line))));
}

/** Replaces the middle of a long text by an ellipsis, where a person reads it. */
export function shorten(text: string, width: number, { keepsNames = false }: Pick<Io, 'keepsNames'>): string {
  if (keepsNames || stringWidth(text) <= width) {
    return text;
  }
  const keep = width - 1;
  const characters = charactersOf(text);
  const end = fitting(characters.toReversed(), Math.floor(keep / 2)).toReversed();
  return `${fitting(characters, Math.ceil(keep / 2)).join('')}…${end.join('')}`;
}

/** As {@link shorten}, but the beginning, because the end of a path matters most. */
export function shortenStart(text: string, width: number, { keepsNames = false }: Pick<Io, 'keepsNames'>): string {
  return keepsNames || stringWidth(text) <= width
    ? text
    : `…${fitting(charactersOf(text).toReversed(), width - 1)
        .toReversed()
        .join('')}`;
}

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The characters as they are displayed: combining marks and surrogates stay with their base character. */
function charactersOf(text: string): string[] {
  return Array.from(CHARACTERS.segment(text), ({ segment }) => segment);
}

/** The first characters, as many as fit into a number of columns. */
function fitting(characters: readonly string[], columns: number): string[] {
  let taken = 0;
  const beyond = characters.findIndex((character) => {
    taken += stringWidth(character);
    return taken > columns;
  });
  return characters.slice(0, beyond === -1 ? characters.length : beyond);
}

/** As {@link printable}, but keeps line breaks. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
