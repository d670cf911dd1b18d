import type { ReportDocument, ReportNeed } from '../model/document.ts';
import { type Child, dataTable, el } from './dom.ts';
import { duration, number, shown, size } from './format.ts';
import { placeLink } from './links.ts';

/** Checkpoints that need files of other jobs. */

/** The most rows; the views of the jobs show the others. */
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
        'need files of',
        { content: 'Checkpoints', right: true, class: 'wide' },
        { content: 'Files', right: true, class: 'wide' },
        { content: 'Size', right: true },
        { content: 'Oldest', right: true },
      ],
      needs
        .slice(0, MOST)
        .map(({ from, to, directory, roots, objects, bytes, oldest }) => [
          { content: placeLink(report, from) },
          { content: to === null ? el('code', {}, shown(directory)) : placeLink(report, to) },
          { content: number(roots), right: true, class: 'wide' },
          { content: number(objects), right: true, class: 'wide' },
          { content: size(bytes), right: true },
          { content: duration(report.at - oldest), right: true },
        ]),
    ),
    needs.length > MOST ? el('p', { class: 'soft' }, `And ${number(needs.length - MOST)} more, with less.`) : null,
  ];
}
