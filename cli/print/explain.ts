import type { Explanation } from '#steward/explain.ts';
import type { Io } from '../io.ts';
import { nextCommand, printNext, type TypedArea } from '../next-command.ts';
import { printUndecidable } from './problems.ts';
import { bytes, count, moment, paragraph, parts, printable } from './text.ts';

const ROOTS_SHOWN = 10;

/** Times in sentences that are also part of the JSON output. */
const ISO_TIMES = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

export function printExplanation(explanation: Explanation, typed: TypedArea, io: Io): string {
  const { bold, dim } = io.colors;
  const { namedBy } = explanation;
  const roots = namedBy.slice(0, ROOTS_SHOWN).map(({ path, completed, restorePoint }) => {
    const root = `${dim(completed.slice(0, 10))}  ${printable(path)}`;
    return parts(restorePoint ? [root] : [root, '(not a restore point)'], io, '  ', ' '.repeat(14));
  });
  return [
    `${bold(printable(explanation.key))}\n`,
    parts(
      [
        `${explanation.kind},`,
        `${bytes(explanation.bytes)},`,
        `written ${moment(explanation.modified)}${explanation.job === null ? '' : ','}`,
        ...(explanation.job === null ? [] : [`job ${explanation.job}`]),
      ],
      io,
    ),
    '\n',
    parts([bold(`${explanation.verdict}:`), ...explanation.reason.split(' ')], io),
    ...explanation.because.map((sentence) => paragraph(printable(sentence.replace(ISO_TIMES, moment)), io)),
    namedBy.length === 0
      ? ''
      : `\nReferenced by ${count(namedBy.length, 'checkpoint or savepoint', 'checkpoints and savepoints')}:\n`,
    ...roots,
    namedBy.length > ROOTS_SHOWN ? `  … and ${namedBy.length - ROOTS_SHOWN} more (see --json)\n` : '',
    explanation.alsoKeptBy.length === 0
      ? ''
      : `\n${paragraph(`These rules would keep it too: ${explanation.alsoKeptBy.join(', ')}.`, io)}`,
    printUndecidable(explanation.undecidable, io),
    '\n',
    namedBy.length > 0
      ? printNext('To see what each job can be restored from:', nextCommand(['restore-points'], typed))
      : printNext('To see the verdicts on all objects:', nextCommand(['plan'], typed)),
  ].join('');
}
