import { csvLine } from '#core/csv.ts';
import type { ReportDocument } from '../model/document.ts';
import { el } from './dom.ts';

const NAME = 'flink-steward-jobs.csv';

/** Offers the jobs as the file that `steward audit --format csv` prints. It is made here: nothing is asked of a network. */
export function csvButton({ table }: ReportDocument): HTMLElement {
  return el('button', { type: 'button', class: 'more csv', click: () => download(csvOf(table)) }, 'Download CSV');
}

function csvOf({ columns, rows }: ReportDocument['table']): string {
  return [columns, ...rows].map(csvLine).join('');
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  el('a', { href: url, download: NAME }).click();
  // The browser reads it after the click; a page that is left open would keep it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
