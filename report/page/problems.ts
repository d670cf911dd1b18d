import type { ReportDocument } from '../model/document.ts';
import { commandLine } from './command-line.ts';
import { type Child, disclosure, el } from './dom.ts';
import { shown } from './format.ts';
import { told } from './told.ts';

/** What needs an action, and stands before all else. */

const MOST_FINDINGS = 3;

export function problems({ undecidable, findings }: ReportDocument): Child {
  return [
    undecidable.length === 0
      ? null
      : el(
          'div',
          { class: 'alert', role: 'group', 'aria-label': 'Undecidable' },
          el('p', {}, el('b', {}, 'The area is undecidable: nothing in it is deleted in this run.')),
          undecidable.map(({ sentence, command }) => [
            el('p', {}, shown(sentence)),
            command === null ? null : commandLine(command),
          ]),
        ),
    findings.length === 0
      ? null
      : el(
          'div',
          { class: 'alert', role: 'group', 'aria-label': 'Damaged checkpoints' },
          findings.slice(0, MOST_FINDINGS).map(paragraph),
          findings.length <= MOST_FINDINGS
            ? null
            : disclosure(`${findings.length - MOST_FINDINGS} more`, () => findings.slice(MOST_FINDINGS).map(paragraph)),
        ),
  ];
}

/** An area without Flink state has no numbers that anybody asks for; the location is wrong, or no job has written yet. */
export function emptyArea(says: string): HTMLElement {
  return el('section', { class: 'panel empty' }, el('h2', {}, 'There is no Flink state here'), paragraph(says));
}

function paragraph(sentence: string): HTMLElement {
  return el('p', {}, told(sentence));
}
