import type { PinnedList } from '#steward/pin-several.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { count, paragraph, printable } from './text.ts';

interface PinnedListing {
  readonly execute: boolean;
  readonly typed: TypedArea;
}

/** What became of a list of paths to pin. */
export function printPinnedList(list: PinnedList, { execute, typed }: PinnedListing, io: Io): string {
  const { pinned, outside, missing, unresolved } = list;
  const amount = count(pinned.length, 'checkpoint or savepoint', 'checkpoints and savepoints');
  const known = pinned.filter((one) => one.known).length;
  const before = known === 0 ? '' : ` (${known} of them before)`;
  const [late] = pinned.filter(({ retiredBy }) => retiredBy !== null);
  const sentence = execute
    ? `${amount} ${pinned.length === 1 ? 'is' : 'are'} pinned${before}.`
    : `Dry run: nothing was changed. ${amount} would be pinned.`;
  if (io.isQuiet) return `${sentence}\n`;
  return [
    paragraph(sentence, io),
    ...pinned.map(({ url, source, retiredBy }) =>
      item(
        `${url}${from(source)}${retiredBy === null ? '' : `. Run ${retiredBy} had begun to retire it before the pin. If it no longer exists, put it back: then it is kept`}`,
        io,
      ),
    ),
    section('In the area, but without a _metadata, so nothing can start from it:', missing.map(told), io),
    section('Named by a job, but missing from the list, so not pinned:', unresolved, io),
    section('Not in the area, so not pinned:', outside.map(told), io),
    late?.retiredBy == null
      ? ''
      : printNext('To put back what was retired:', nextCommand(['undo', late.retiredBy], typed, ['--execute'])),
  ].join('');
}

function section(head: string, lines: readonly string[], io: Io): string {
  return lines.length === 0 ? '' : `\n${paragraph(head, io)}${lines.map((line) => item(line, io)).join('')}`;
}

function told({ path, source }: PinnedList['missing'][number]): string {
  return `${path}${from(source)}`;
}

function from(source: string | null): string {
  return source === null ? '' : ` (${source})`;
}

function item(text: string, io: Io): string {
  return paragraph(printable(text), io, '  - ', '    ');
}
