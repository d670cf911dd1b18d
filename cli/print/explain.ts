import type { Explanation } from '#operations/explain.ts';
import type { Io } from '../io.ts';
import { bytes, count, moment, paragraph, printable } from './text.ts';

const ROOTS_SHOWN = 10;

export function printExplanation(explanation: Explanation, io: Io): string {
  const { bold, dim } = io.colors;
  const { namedBy } = explanation;
  const roots = namedBy.slice(0, ROOTS_SHOWN).map(({ path, completed, restorePoint }) => {
    return `  ${dim(completed.slice(0, 10))}  ${printable(path)}${restorePoint ? '' : '  (not a restore point)'}\n`;
  });
  return [
    `${bold(printable(explanation.key))}\n`,
    `${explanation.kind}, ${bytes(explanation.bytes)}, written ${moment(explanation.modified)}${explanation.job === null ? '' : `, job ${explanation.job}`}\n\n`,
    `${bold(explanation.verdict)}: ${explanation.reason}\n`,
    ...explanation.because.map((sentence) => paragraph(printable(sentence), io)),
    namedBy.length === 0
      ? ''
      : `\nNamed by ${count(namedBy.length, 'checkpoint or savepoint', 'checkpoints and savepoints')}:\n`,
    ...roots,
    namedBy.length > ROOTS_SHOWN ? `  … and ${namedBy.length - ROOTS_SHOWN} more (see --json)\n` : '',
    explanation.alsoKeptBy.length === 0
      ? ''
      : `\n${paragraph(`These rules would keep it too: ${explanation.alsoKeptBy.join(', ')}.`, io)}`,
  ].join('');
}
