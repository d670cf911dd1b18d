import type { ReportDocument, ReportNeed } from '../model/document.ts';
import { type Child, dataTable, el } from './dom.ts';
import { duration, number, shown, size } from './format.ts';
import { placeLink } from './links.ts';

/** Which job's checkpoints need which other job's files. */

/** More are told on the pages of the jobs. */
const MOST = 40;

export function needsSection(report: ReportDocument, needs: readonly ReportNeed[], title: string): Child {
  if (needs.length === 0) {
    return null;
  }
  return [
    dataTable(
      title,
      [
        'Checkpoints of',
        'need files that lie with',
        { content: 'Checkpoints', right: true },
        { content: 'Files', right: true },
        { content: 'Size', right: true },
        { content: 'Oldest', right: true },
      ],
      needs
        .slice(0, MOST)
        .map(({ from, to, directory, roots, objects, bytes, oldest }) => [
          { content: placeLink(report, from) },
          { content: to === null ? el('code', {}, shown(directory)) : placeLink(report, to) },
          { content: number(roots), right: true },
          { content: number(objects), right: true },
          { content: size(bytes), right: true },
          { content: duration(report.at - oldest), right: true },
        ]),
    ),
    needs.length > MOST ? el('p', { class: 'soft' }, `And ${number(needs.length - MOST)} more, with less.`) : null,
  ];
}
