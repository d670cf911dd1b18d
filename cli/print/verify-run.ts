import type { RunProof, VerifiedRun } from '#steward/verify-run.ts';
import type { Io } from '../io.ts';
import { oneLine } from './one-line.ts';
import { count, paragraph, parts, printable } from './text.ts';

const FINDINGS_SHOWN = 20;

const WORDS: Readonly<Record<RunProof, string>> = {
  proven: 'proven',
  'not-proven': 'not proven',
  'no-certificate': 'no certificate',
};

/** What the second judge says of runs, the newest first. */
export function printVerifiedRuns(runs: readonly VerifiedRun[], io: Io): string {
  if (io.isQuiet)
    return oneLine(
      'verify-run',
      runs.map(({ run, proof }) => `${run}: ${WORDS[proof]}`),
    );
  if (runs.length === 0) return 'No run has deleted or retired anything yet.\n';
  return runs.map((run) => printRun(run, io)).join('\n');
}

function printRun({ run, proof, why, notes, deletions, roots, findings }: VerifiedRun, io: Io): string {
  const { bold, green, red } = io.colors;
  const color = proof === 'proven' ? green : proof === 'not-proven' ? red : (text: string) => text;
  const shown = findings.slice(0, FINDINGS_SHOWN);
  const more = findings.length - shown.length;
  return [
    parts([`${bold('Run')} ${printable(run)}:`, `${color(WORDS[proof])},`, count(deletions, 'deletion')], io),
    why === null ? '' : paragraph(why, io, '  '),
    roots === null ? '' : paragraph(sayRoots(roots), io, '  '),
    ...notes.map((note) => paragraph(printable(note), io, '  ')),
    ...shown.map(({ rule, sentence }) => paragraph(`${rule}: ${printable(sentence)}`, io, '  - ', '    ')),
    more > 0 ? `  … and ${count(more, 'more finding')} (see --json)\n` : '',
  ].join('');
}

function sayRoots({ certified, readAgain, gone, unread }: NonNullable<VerifiedRun['roots']>): string {
  const told = [
    `Read again: ${readAgain.toLocaleString('en-US')} of ${count(certified, 'checkpoint or savepoint', 'checkpoints and savepoints')}.`,
    ...(gone > 0 ? [`Gone or changed since: ${gone.toLocaleString('en-US')}.`] : []),
    ...(unread > 0 ? [`Could not be read: ${unread.toLocaleString('en-US')}.`] : []),
  ];
  return told.join(' ');
}
