import type { ReportComposed, ReportComposition } from '../model/document.ts';
import { type Cell, type Child, dataTable, el } from './dom.ts';
import { count, shown, size } from './format.ts';

/** The state of a job's newest restore point by operator. */
export function operatorsSection({ root, bytes, newBytes, newSince, operators, leftOut }: ReportComposition): Child {
  const since = newSince === null ? 'in it by Flink’s own count' : `since ${shown(newSince)}`;
  const heads = ['Operator', right('Size'), right('Share'), right('New'), 'Of which'];
  const standsOut = operators.some(({ skew }) => skew !== null);
  return [
    el('p', { class: 'says' }, `${size(bytes)} in ${shown(root)}, of which ${size(newBytes)} are new ${since}.`),
    dataTable(
      'State by operator',
      standsOut ? [...heads, 'Largest subtask'] : heads,
      operators.map((operator) => rowOf(operator, bytes).slice(0, standsOut ? heads.length + 1 : heads.length)),
    ),
    leftOut > 0
      ? el('p', { class: 'soft' }, `${count(leftOut, 'smaller operator is', 'smaller operators are')} not listed.`)
      : null,
  ];
}

function rowOf({ name, bytes, newBytes, kinds, skew }: ReportComposed, all: number): readonly Cell[] {
  const percent = all === 0 ? 0 : (bytes / all) * 100;
  return [
    { content: el('bdi', {}, shown(name)), class: 'key' },
    right(size(bytes)),
    right(percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`),
    right(size(newBytes)),
    { content: kinds.map(({ kind, bytes: its }) => (its === bytes ? kind : `${kind} ${size(its)}`)).join(', ') },
    { content: skew === null ? '' : subtaskOf(skew) },
  ];
}

function subtaskOf({ subtask, bytes, ratio }: NonNullable<ReportComposed['skew']>): string {
  return `${subtask}: ${size(bytes)}${ratio === null ? '' : `, ${ratio.toFixed(1)} × the median`}`;
}

function right(content: Child): Cell {
  return { content, right: true };
}
