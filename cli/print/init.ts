import { KIND_WORDS } from '#core/discovery/reasons.ts';
import type { FoundState, ProposedConfiguration } from '#steward/init/init.ts';
import type { Io } from '../io.ts';
import { printNext } from '../next-command.ts';
import { printHeading } from './heading.ts';
import { count, paragraph, printable, table } from './text.ts';

/** Prints what init found and what it proposes. */

export interface InitPrinting {
  readonly file: string;
  readonly next: readonly { readonly words: string; readonly command: string }[];
}

export interface PrintedInit {
  readonly found: string;
  readonly written: string;
}

export function printInit(proposed: ProposedConfiguration, { file, next }: InitPrinting, io: Io): PrintedInit {
  const { at, places, found, notes, requests } = proposed;
  const asked = requests.list + requests.get;
  return {
    found: [
      printHeading('Found in', places, at, io),
      `\n${printFound(found, io)}`,
      `\n${io.colors.bold('Proposed')}\n${printProposal(proposed, io)}`,
      ...(notes.length === 0 ? [] : [`\n${io.colors.bold('Not certain')}\n`, ...notes.map((note) => bullet(note, io))]),
      asked === 0 ? '\n' : `\n${paragraph(`${count(asked, 'request')} to find this out.`, io)}\n`,
    ].join(''),
    written: [
      paragraph(`Written: ${printable(file)}. Its comments say why each entry is there.`, io),
      ...next.map(({ words, command }) => `\n${printNext(words, command)}`),
    ].join(''),
  };
}

function printFound(found: readonly FoundState[], io: Io): string {
  return table(
    [{ head: 'what' }, { head: 'how many', right: true }, { head: 'where', wrap: true }],
    found.map(({ kind, place, count: number, atLeast }) => [
      nameOf(kind),
      number === null ? '' : `${number.toLocaleString('en-US')}${atLeast ? '+' : ''}`,
      printable(place),
    ]),
    io,
  );
}

function nameOf(kind: FoundState['kind']): string {
  if (kind === 'entropy') return 'checkpoints with entropy';
  return kind === 'copy' ? 'copy' : KIND_WORDS[kind];
}

function printProposal({ proposal, configuration }: ProposedConfiguration, io: Io): string {
  const { area, protect, outside, copies, aliases, labels } = proposal;
  const rows = [
    ...area.map((each, at) => ['area', entryText(configuration.area?.[at]), each.unsure]),
    ...aliases.map((each) => ['aliases', `${each.from} → ${each.to}`, each.unsure]),
    ...copies.map((each) => ['copies', `${each.from} → ${each.to}`, each.unsure]),
    ...outside.map((each) => ['outside', each.url, each.unsure]),
    ...(configuration.ledger === undefined ? [] : [['ledger', configuration.ledger, false]]),
    ...labels.map((each) => ['labels', `${each.path} → ${each.job}`, each.unsure]),
    ...protect.map((each) => ['protect', each.pattern, each.unsure]),
  ] as const;
  const hasGuess = rows.some(([, , unsure]) => unsure === true);
  return table(
    [{ head: 'key' }, ...(hasGuess ? [{ head: '' }] : []), { head: 'entry', wrap: true }],
    rows.map(([key, entry, unsure]) => [
      String(key),
      ...(hasGuess ? [unsure === true ? io.colors.yellow('guess') : ''] : []),
      printable(String(entry)),
    ]),
    io,
  );
}

function entryText(entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry !== 'object' || entry === null) return '';
  if ('bucket' in entry) return String(entry.bucket);
  return 'path' in entry && 'as' in entry ? `${entry.path} (as ${entry.as})` : '';
}

function bullet(text: string, io: Io): string {
  return paragraph(printable(text), io, '* ');
}
