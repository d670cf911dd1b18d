import type { ReportDocument } from '../model/document.ts';
import { type Child, dataTable } from './dom.ts';
import { duration, number, shown, size } from './format.ts';
import { told } from './told.ts';

/** What waits or stays, how old it is, and what would free it. */
export function stayingSection({ staying, at }: ReportDocument): Child {
  return dataTable(
    'What waits or stays',
    [
      'What',
      { content: 'Objects', right: true, class: 'wide' },
      { content: 'Size', right: true },
      { content: 'Oldest', right: true, class: 'wide' },
      'What would free it',
    ],
    staying.map(({ what, remedy, objects, bytes, oldest }) => [
      { content: shown(what) },
      { content: number(objects), right: true, class: 'wide' },
      { content: size(bytes), right: true },
      { content: duration(at - oldest), right: true, class: 'wide' },
      { content: told(remedy), class: 'problem' },
    ]),
  );
}
