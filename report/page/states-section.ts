import type { ReportState, ReportStates } from '../model/document.ts';
import { type Cell, type Child, dataTable, el } from './dom.ts';
import { ago, count, moment, number, shown, size } from './format.ts';

/** Which operators and states make up a job, as of the last look at its state files. */
export function statesSection({ at, bytes, operators, leftOut }: ReportStates, now: number): Child {
  const share = (part: number): string => {
    const percent = bytes === 0 ? 0 : (part / bytes) * 100;
    return percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
  };
  const grows = operators.some(({ states }) => states.some(({ perDay }) => perDay !== null));
  const heads = ['Size', 'Share', 'Entries', 'Deleted', 'Value', ...(grows ? ['Growth a day'] : [])];
  const rows = operators.flatMap((operator) => [
    [
      { content: el('strong', {}, el('bdi', {}, shown(operator.name))), class: 'key' },
      right(el('strong', {}, size(operator.bytes))),
      right(el('strong', {}, share(operator.bytes))),
      ...heads.slice(2).map(() => right('')),
    ],
    ...operator.states.map((state) => rowOf(state, share).slice(0, heads.length + 1)),
  ]);
  return [
    el('p', { class: 'says' }, `${size(bytes)} in the checkpoint of ${moment(at)} (${ago(now - at)}), as stored.`),
    dataTable('Operators and states', ['Operator and state', ...heads.map(right)], rows),
    leftOut > 0
      ? el('p', { class: 'soft' }, `${count(leftOut, 'smaller state is', 'smaller states are')} not listed.`)
      : null,
  ];
}

function rowOf(
  { name, hasTtl, bytes, entries, deletions, valueBytes, perDay }: ReportState,
  share: (part: number) => string,
): readonly Cell[] {
  const deleted =
    entries === null || entries === 0 || deletions === null ? '' : `${Math.round((deletions / entries) * 100)} %`;
  return [
    {
      content: [el('bdi', {}, shown(name)), hasTtl === null ? null : el('small', {}, hasTtl ? ' TTL' : ' no TTL')],
      class: 'key inner',
    },
    right(size(bytes)),
    right(share(bytes)),
    right(entries === null ? '' : number(entries)),
    right(deleted),
    right(valueBytes === null ? '' : size(Math.round(valueBytes))),
    right(perDay === null ? '' : `${perDay < 0 ? '-' : '+'}${size(Math.abs(perDay))}`),
  ];
}

function right(content: Child): Cell {
  return { content, right: true };
}
